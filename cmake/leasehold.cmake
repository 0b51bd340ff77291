# How every leasehold target is built. Sources are found by folder: a new file needs no edit here.

find_package(Threads REQUIRED)

add_library(leasehold_options INTERFACE)
target_include_directories(leasehold_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(leasehold_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
# libstdc++ 12 marks as deprecated what its own stable_sort uses, and clang looks inside.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(leasehold_options INTERFACE -Wno-deprecated-declarations)
endif()
if(LEASEHOLD_WERROR)
  target_compile_options(leasehold_options INTERFACE -Werror)
endif()
target_link_libraries(leasehold_options INTERFACE Threads::Threads)

# leasehold_library(NAME [DEPENDS …]): a static library of every .cpp below the current folder.
function(leasehold_library name)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(leasehold_${name} STATIC ${sources})
    target_link_libraries(leasehold_${name} PUBLIC leasehold_options ${arg_DEPENDS})
  else()
    add_library(leasehold_${name} INTERFACE)
    target_link_libraries(leasehold_${name} INTERFACE leasehold_options ${arg_DEPENDS})
  endif()
endfunction()
