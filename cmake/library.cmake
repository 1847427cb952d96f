# The standard library is a second of every file's time to compile: read once, it serves them all. The preset release
# does without, and so shows what a file forgets to include.
set(BLO_STANDARD_HEADERS <algorithm> <array> <chrono> <filesystem> <functional> <map> <memory> <optional> <ranges> <set>
    <span> <string> <string_view> <utility> <variant> <vector> <boost/system/error_code.hpp>)
if(BUILD_TESTING)
  add_library(blo_standard_headers OBJECT "${CMAKE_CURRENT_LIST_DIR}/standard_headers.cpp")
  target_link_libraries(blo_standard_headers PRIVATE Boost::headers blo_warnings)
  target_precompile_headers(blo_standard_headers PRIVATE ${BLO_STANDARD_HEADERS})
endif()

# blo_precompile(TARGET HEADER…): these headers, and the standard library's, read once for a program's files.
function(blo_precompile target)
  if(BUILD_TESTING)
    target_precompile_headers(${target} PRIVATE ${BLO_STANDARD_HEADERS} ${ARGN})
  endif()
endfunction()

# One library per lib/ folder: blo_library(journal DEPENDS identity crypto base [PRIVATE third-party targets]).
# What stands after DEPENDS are the only arrows the folder may have; tests/tidy compares the includes with them.
function(blo_library name)
  cmake_parse_arguments(arg "" "" "DEPENDS;PRIVATE;PUBLIC" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp"
    "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_library(blo_${name} STATIC ${sources})
  target_include_directories(blo_${name} PUBLIC "${CMAKE_SOURCE_DIR}/lib")
  list(TRANSFORM arg_DEPENDS PREPEND blo_)
  target_link_libraries(blo_${name} PUBLIC ${arg_DEPENDS} ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} blo_warnings)
  if(TARGET blo_standard_headers)
    target_precompile_headers(blo_${name} REUSE_FROM blo_standard_headers)
  endif()
endfunction()
