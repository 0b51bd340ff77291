# leasehold_embed(TARGET FUNCTION SUFFIX FILE…): at build time, writes and compiles into TARGET
#   std::span<const scenarios::LibraryFile> leasehold::FUNCTION()
# that holds the files' names without SUFFIX and their texts, in the order of their names.
# Run as a script (cmake -P), this same file is the generator.

function(leasehold_embed target function suffix)
  string(REPLACE "::" "_" file_name ${function})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${file_name}.cpp)
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
  string(REGEX MATCH "^(.*)::(.*)$" qualified "${FUNCTION}")
  file(WRITE "${OUTPUT}" "#include <array>

#include \"scenarios/library.hpp\"

namespace leasehold::${CMAKE_MATCH_1} {

std::span<const scenarios::LibraryFile> ${CMAKE_MATCH_2}() {
  static constexpr std::array<scenarios::LibraryFile, ${count}> kFiles{{
${entries}  }};
  return kFiles;
}

}  // namespace leasehold::${CMAKE_MATCH_1}
")
endif()
