# blo_version: base/version.h's functions, in a library of their own, so that a commit rebuilds one file and links the
# programs alone.
include(commit)
blo_commit("${CMAKE_SOURCE_DIR}" BLO_COMMIT)
configure_file("${CMAKE_CURRENT_LIST_DIR}/version.cpp.in" "${CMAKE_BINARY_DIR}/version/version.cpp" @ONLY)
add_library(blo_version STATIC "${CMAKE_BINARY_DIR}/version/version.cpp")
target_include_directories(blo_version PUBLIC "${CMAKE_SOURCE_DIR}/lib")
target_link_libraries(blo_version PRIVATE blo_warnings)
