# leasehold_embed_page_part(TARGET NAME FILE…): at build time, writes and compiles into TARGET
#   PagePart leasehold::reports::NAME()
# that reports/page_kit.hpp declares: the texts of the FILEs, one after the other, and `sha256-…` of
# that. Run as a script (cmake -P), this same file is the generator.

function(leasehold_embed_page_part target name)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  list(JOIN files "|" joined)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} "-DFILES=${joined}"
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_page_part.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_page_part.cmake
    COMMENT "Embedding ${name}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "|" ";" files "${FILES}")
  set(text "")
  foreach(file IN LISTS files)
    file(READ "${file}" part)
    string(APPEND text "${part}")
  endforeach()
  string(SHA256 hex "${text}")

  # 32 bytes and a zero are eleven triples of base64, the last digit of which is no digit of theirs.
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(base64 "")
  string(REGEX MATCHALL "......" triples "${hex}00")
  foreach(triple IN LISTS triples)
    foreach(shift 18 12 6 0)
      math(EXPR digit "(0x${triple} >> ${shift}) & 63")
      string(SUBSTRING "${alphabet}" ${digit} 1 digit)
      string(APPEND base64 "${digit}")
    endforeach()
  endforeach()
  string(REGEX REPLACE "A$" "=" base64 "${base64}")

  file(WRITE "${OUTPUT}" "#include \"reports/page_kit.hpp\"

namespace leasehold::reports {

PagePart ${NAME}() { return {R\"part(${text})part\", \"sha256-${base64}\"}; }

}  // namespace leasehold::reports
")
endif()
