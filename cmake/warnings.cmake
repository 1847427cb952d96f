# blo_warnings: what our own code is held to; generated code links blo_sanitize alone.
add_library(blo_sanitize INTERFACE)
if(BLO_SANITIZE)
  target_compile_options(blo_sanitize INTERFACE -fsanitize=address -fno-omit-frame-pointer)
  target_link_options(blo_sanitize INTERFACE -fsanitize=address,undefined)
endif()
if(BLO_FUZZ)
  # Every library tells libFuzzer which way it went.
  target_compile_options(blo_sanitize INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(blo_warnings INTERFACE)
target_link_libraries(blo_warnings INTERFACE blo_sanitize)
target_compile_options(blo_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Woverloaded-virtual -Wcast-align -Wunused -Werror)
# GCC 12 raises these falsely once it optimises std::vector and std::string; AddressSanitizer finds the true ones.
target_compile_options(blo_warnings INTERFACE
  -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
# And this one of a std::optional whose value holds a std::vector, where it optimises most.
target_compile_options(blo_warnings INTERFACE $<$<CONFIG:RelWithDebInfo>:-Wno-maybe-uninitialized>)
if(BLO_FUZZ)
  # Clang's own warnings are clang-tidy's to report.
  target_compile_options(blo_warnings INTERFACE -Wno-error -Wno-unknown-warning-option)
endif()
if(BLO_SANITIZE)
  # The three that are left out report falsely in Boost and libstdc++ headers, and double compile time.
  target_compile_options(blo_warnings INTERFACE
    -fsanitize=undefined -fno-sanitize=null,alignment,vptr -fno-sanitize-recover=undefined)
endif()
# It needs an optimising compiler: the preset dev does without either.
if(BLO_SANITIZE OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(blo_warnings INTERFACE _FORTIFY_SOURCE=2)
endif()
target_compile_options(blo_warnings INTERFACE -fstack-protector-strong -fstack-clash-protection)
target_link_options(blo_warnings INTERFACE -Wl,-z,relro,-z,now)
