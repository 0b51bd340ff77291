# leasehold_embed(TARGET FUNCTION SUFFIX FILE…): at build time, writes and compiles into TARGET
#   std::span<const LibraryFile> FUNCTION()
# that holds the files' names without SUFFIX and their texts, in the order of their names.
# Run as a script (cmake -P), this same file is the generator.

function(leasehold_embed target function suffix)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  list(JOIN ARGN "|" files)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${function} -DSUFFIX=${suffix}
            "-DFILES=${files}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARGN} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    COMMENT "Embedding ${function}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  string(REPLACE "|" ";" files "${FILES}")
  list(SORT files)
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME)
    string(REGEX REPLACE "\\${SUFFIX}$" "" name "${name}")
    file(READ "${file}" text)
    string(APPEND entries "    {\"${name}\", R\"embed(${text})embed\"},\n")
  endforeach()
  list(LENGTH files count)
  file(WRITE "${OUTPUT}" "#include <array>

#include \"scenarios/library.hpp\"

namespace leasehold::scenarios {

std::span<const LibraryFile> ${FUNCTION}() {
  static constexpr std::array<LibraryFile, ${count}> kFiles{{
${entries}  }};
  return kFiles;
}

}  // namespace leasehold::scenarios
")
endif()
