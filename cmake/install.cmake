# cmake --install: component `office` is what an office has (blod, blo), `audit` an auditor. Units name the folder that the
# programs went to, also where --prefix gives another one.
include(GNUInstallDirs)
set(BLO_UNIT_DIR "lib/systemd/system" CACHE STRING "where units go; under the prefix unless it begins with /")

install(TARGETS blo blod RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT office)
install(TARGETS blo-audit RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT audit)

set(reference "${CMAKE_BINARY_DIR}/reference")
install(FILES "${reference}/man/blo.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT office)
install(FILES "${reference}/man/blod.8" DESTINATION "${CMAKE_INSTALL_MANDIR}/man8" COMPONENT office)
install(FILES packaging/man/blod.toml.5 DESTINATION "${CMAKE_INSTALL_MANDIR}/man5" COMPONENT office)
install(FILES "${reference}/man/blo-audit.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT audit)
set(completions "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${reference}/completions/blo" "${reference}/completions/blod" DESTINATION "${completions}" COMPONENT office)
install(FILES "${reference}/completions/blo-audit" DESTINATION "${completions}" COMPONENT audit)

# The pages keep their places beside each other, so that their links hold.
foreach(component office audit)
  string(REPLACE office link package "${component}")
  set(doc "${CMAKE_INSTALL_DATADIR}/doc/blo-${package}")
  install(FILES CHANGELOG.md README.md DESTINATION "${doc}" COMPONENT ${component})
  install(DIRECTORY docs certs DESTINATION "${doc}" COMPONENT ${component} FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")
endforeach()

install(FILES packaging/blo-link.sysusers RENAME blo-link.conf DESTINATION lib/sysusers.d COMPONENT office)
install(FILES packaging/blo-link.tmpfiles RENAME blo-link.conf DESTINATION lib/tmpfiles.d COMPONENT office)
install(PROGRAMS packaging/nightly-backup DESTINATION lib/blo-link COMPONENT office)
file(GLOB units CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/packaging/*.service" "${CMAKE_SOURCE_DIR}/packaging/*.timer")
foreach(unit IN LISTS units)
  cmake_path(GET unit FILENAME name)
  install(CODE "
    file(READ \"${unit}\" text)
    string(REPLACE \"=/usr/local/\" \"=\${CMAKE_INSTALL_PREFIX}/\" text \"\${text}\")
    file(WRITE \"${CMAKE_BINARY_DIR}/units/${name}\" \"\${text}\")
    set(folder \"${BLO_UNIT_DIR}\")
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY \"\${CMAKE_INSTALL_PREFIX}\" OUTPUT_VARIABLE folder)
    file(INSTALL \"${CMAKE_BINARY_DIR}/units/${name}\" DESTINATION \"\${folder}\")" COMPONENT office)
endforeach()
