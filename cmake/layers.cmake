# lutetia_layer(NAME USES layer... [PACKAGES target...] [SOURCES file...]): sim/NAME/**.cpp, or SOURCES if given, as the
# OBJECT library lutetia_NAME, so that the linker never drops a self-registering object. Objects of a library do not
# travel through another one, so a binary names all it needs: lutetia_link(executable layer...) links the layers and
# everything below them, and nothing above. A layer that does not compile therefore breaks only itself and what is above.
# A '/' in a layer's name (units/lut_core) becomes '_' in its target's name (lutetia_units_lut_core).

set(LUTETIA_WARNINGS -Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 finds both inside std::string where there is nothing (PR 105651, 105562); the sanitizers find the real ones.
  list(APPEND LUTETIA_WARNINGS -Wno-maybe-uninitialized -Wno-restrict)
endif()

function(lutetia_target_of layer out)
  string(REPLACE / _ name ${layer})
  set(${out} lutetia_${name} PARENT_SCOPE)
endfunction()

# The layers below the given ones, then these, each once.
function(lutetia_closure out)
  set(all)
  foreach(layer ${ARGN})
    get_property(below GLOBAL PROPERTY LUTETIA_BELOW_${layer})
    list(APPEND all ${below} ${layer})
  endforeach()
  list(REMOVE_DUPLICATES all)
  set(${out} ${all} PARENT_SCOPE)
endfunction()

function(lutetia_layer name)
  cmake_parse_arguments(ARG "" "" "USES;PACKAGES;SOURCES" ${ARGN})
  lutetia_closure(below ${ARG_USES})
  set_property(GLOBAL APPEND PROPERTY LUTETIA_LAYERS ${name})
  set_property(GLOBAL PROPERTY LUTETIA_BELOW_${name} ${below})
  set_property(GLOBAL PROPERTY LUTETIA_PACKAGES_${name} ${ARG_PACKAGES})
  set(sources ${ARG_SOURCES})
  if(NOT SOURCES IN_LIST ARGN)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sim/${name}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/sim/app/main\\.cpp$")   # of the program, not of the tests of its parts
  endif()

  lutetia_target_of(${name} target)
  if(sources)
    add_library(${target} OBJECT ${sources})
    set(scope PUBLIC)
    target_compile_options(${target} PRIVATE ${LUTETIA_WARNINGS})
  else()
    add_library(${target} INTERFACE)   # headers only
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/sim)
  target_link_libraries(${target} ${scope} fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)
  foreach(layer ${below} ${name})
    get_property(packages GLOBAL PROPERTY LUTETIA_PACKAGES_${layer})
    target_link_libraries(${target} ${scope} ${packages})
  endforeach()
endfunction()

# Every folder below sim/units is a layer of its own; `units` stands for all of them, and for the few files that lie
# directly in sim/units (the interface that all units share).
function(lutetia_units)
  file(GLOB shared CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/sim/units/*.cpp)
  lutetia_layer(units/shared SOURCES ${shared} ${ARGN})
  set(units units/shared)
  # The frame that all matrix cores share is no unit itself; every unit may use it.
  lutetia_layer(units/matrix_core ${ARGN} units/shared)
  list(APPEND units units/matrix_core)
  lutetia_subfolders(folders sim/units)
  list(REMOVE_ITEM folders matrix_core)
  foreach(folder ${folders})
    lutetia_layer(units/${folder} ${ARGN} units/matrix_core)
    list(APPEND units units/${folder})
  endforeach()
  lutetia_layer(units SOURCES USES ${units})
endfunction()

# Names of the folders in a folder of the source tree.
function(lutetia_subfolders out folder)
  file(GLOB entries CONFIGURE_DEPENDS LIST_DIRECTORIES true RELATIVE ${CMAKE_SOURCE_DIR}/${folder}
       ${CMAKE_SOURCE_DIR}/${folder}/*)
  set(folders)
  foreach(entry ${entries})
    if(IS_DIRECTORY ${CMAKE_SOURCE_DIR}/${folder}/${entry})
      list(APPEND folders ${entry})
    endif()
  endforeach()
  set(${out} ${folders} PARENT_SCOPE)
endfunction()

function(lutetia_link executable)
  lutetia_closure(closure ${ARGN})
  foreach(layer ${closure})
    lutetia_target_of(${layer} target)
    get_property(extra GLOBAL PROPERTY LUTETIA_EXTRA_OBJECTS_${layer})   # verilated models of cosim
    target_link_libraries(${executable} PRIVATE ${target} ${extra})
  endforeach()
  target_include_directories(${executable} PRIVATE ${CMAKE_SOURCE_DIR}/sim)
  target_compile_options(${executable} PRIVATE ${LUTETIA_WARNINGS})
endfunction()
