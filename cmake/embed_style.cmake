# leasehold_embed_style(TARGET NAME): at build time, writes and compiles into TARGET
#   std::string_view leasehold::reports::NAME_style() and NAME_style_hash()
# that are declared in NAME_style.hpp: the text of NAME.css, and `sha256-…` of it.
# Run as a script (cmake -P), this same file is the generator.

function(leasehold_embed_style target name)
  set(style ${CMAKE_CURRENT_SOURCE_DIR}/${name}.css)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}_style.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} -DSTYLE=${style}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_style.cmake
    DEPENDS ${style} ${PROJECT_SOURCE_DIR}/cmake/embed_style.cmake
    COMMENT "Embedding ${name}.css" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${STYLE}" style)
  file(SHA256 "${STYLE}" hex)

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

  file(WRITE "${OUTPUT}" "#include \"reports/${NAME}_style.hpp\"

namespace leasehold::reports {

std::string_view ${NAME}_style() { return R\"css(${style})css\"; }
std::string_view ${NAME}_style_hash() { return \"sha256-${base64}\"; }

}  // namespace leasehold::reports
")
endif()
