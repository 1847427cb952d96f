# One library per lib/ folder: blo_library(journal DEPENDS identity crypto base [PRIVATE third-party targets]).
# What stands after DEPENDS are the only arrows the folder may have; tests/tidy compares the includes with them.
function(blo_library name)
  cmake_parse_arguments(arg "" "" "DEPENDS;PRIVATE;PUBLIC" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp")
  if(NOT sources)
    return()
  endif()
  add_library(blo_${name} STATIC ${sources})
  target_include_directories(blo_${name} PUBLIC "${CMAKE_SOURCE_DIR}/lib")
  list(TRANSFORM arg_DEPENDS PREPEND blo_)
  target_link_libraries(blo_${name} PUBLIC ${arg_DEPENDS} ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} blo_warnings)
endfunction()
