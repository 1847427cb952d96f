# blo_commit(SOURCE VARIABLE): the commit that a folder of this source is at, twelve hex digits and "+" where files differ
# from it: git's where the folder is a checkout's top, cmake/commit.txt's where it came out of `git archive`
# (.gitattributes: export-subst); empty where neither says it.
function(blo_commit source variable)
  set(commit "")
  file(READ "${source}/cmake/commit.txt" written)
  find_program(GIT git)
  if(written MATCHES "^([0-9a-f]+)\n")
    string(SUBSTRING "${CMAKE_MATCH_1}" 0 12 commit)
  elseif(GIT AND EXISTS "${source}/.git")
    execute_process(COMMAND "${GIT}" -C "${source}" describe --always --exclude=* --abbrev=12 --dirty=+
                    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
  set(${variable} "${commit}" PARENT_SCOPE)
endfunction()
