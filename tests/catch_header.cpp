// Exists so that Catch2's header is compiled once: see CMakeLists.txt.
