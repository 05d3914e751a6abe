# Verilated models as OBJECT libraries.
#
# rtl/units/<unit>/verilations.txt: one variant a line, '#' begins a comment:
#     name  Param=Value Param=Value ... [nightly]
# Each becomes the class V<unit>_<name> (a prefix of its own, so that any number of variants live in one program), and one
# object that registers it with sim/cosim (cmake/rtl_variant.cpp.in). `nightly` variants need -DLUTETIA_NIGHTLY=ON.
#
# Not verilate() of Verilator's CMake package, for two reasons: it runs Verilator while CMake configures, so one mistake
# in one module stops every build; and it compiles Verilator's runtime into each library, which then cannot be linked
# together. Here Verilator runs at build time, its output is compiled as two files (see verilate.cmake), and the runtime
# is a library of its own, lutetia_verilated.

set(LUTETIA_VERILATOR_FLAGS
  --cc --assert -Wall   # without --assert this version drops every assertion silently
  -O3 --x-assign fast --x-initial unique
  --trace-fst
  -Irtl/include -y rtl/common)

if(LUTETIA_RTL)
  find_package(verilator 5.006 REQUIRED HINTS /usr/share/verilator)
  find_package(ZLIB REQUIRED)   # FST waveforms
  set(include ${VERILATOR_ROOT}/include)
  add_library(lutetia_verilated OBJECT
    ${include}/verilated.cpp ${include}/verilated_fst_c.cpp ${include}/verilated_threads.cpp
    ${CMAKE_SOURCE_DIR}/cmake/verilated_failure.cpp)
  target_compile_definitions(lutetia_verilated PRIVATE VL_USER_STOP VL_USER_FATAL)   # a failed assertion throws
  target_compile_options(lutetia_verilated PRIVATE -O2 -w ${VERILATOR_CFLAGS})
  target_include_directories(lutetia_verilated SYSTEM PUBLIC ${include} ${include}/vltstd)
  target_compile_definitions(lutetia_verilated PUBLIC VM_COVERAGE=0 VM_SC=0 VM_TRACE=1 VM_TRACE_FST=1 VM_TRACE_VCD=0)
  target_link_libraries(lutetia_verilated PUBLIC ZLIB::ZLIB Threads::Threads)
  # CMakeLists.txt lets sim/cosim include the runtime's headers; this links it and, below, the models.
  set_property(GLOBAL APPEND PROPERTY LUTETIA_EXTRA_OBJECTS_cosim lutetia_verilated)
endif()

# lutetia_verilate(TARGET PREFIX <V...> TOP <module> SOURCES file... [ARGS ...] [DEPENDS ...]): OBJECT library of the model.
function(lutetia_verilate target)
  cmake_parse_arguments(ARG "" "PREFIX;TOP" "SOURCES;ARGS;DEPENDS" ${ARGN})
  set(dir ${CMAKE_BINARY_DIR}/verilated/${ARG_PREFIX})
  file(GLOB shared CONFIGURE_DEPENDS
       ${CMAKE_SOURCE_DIR}/rtl/include/*.svh ${CMAKE_SOURCE_DIR}/rtl/common/*.sv ${CMAKE_SOURCE_DIR}/rtl/common/*.vlt)
  set(waivers ${shared})
  list(FILTER waivers INCLUDE REGEX "\\.vlt$")
  set(packages ${shared})
  list(FILTER packages INCLUDE REGEX "_pkg\\.sv$")
  # Relative names: Verilator stumbles over spaces, and the same sources give the same files in every clone (ccache).
  set(sources)
  foreach(file ${waivers} ${packages} ${ARG_SOURCES})
    file(RELATIVE_PATH file ${CMAKE_SOURCE_DIR} ${file})
    list(APPEND sources ${file})
  endforeach()
  add_custom_command(
    OUTPUT ${dir}/${ARG_PREFIX}.h ${dir}/fast.cpp ${dir}/slow.cpp
    COMMAND ${CMAKE_COMMAND} -D PREFIX=${ARG_PREFIX} -D DIR=${dir} -P ${CMAKE_SOURCE_DIR}/cmake/verilate.cmake --
            ${VERILATOR_BIN} ${LUTETIA_VERILATOR_FLAGS} --prefix ${ARG_PREFIX} --top-module ${ARG_TOP} --Mdir ${dir}
            ${ARG_ARGS} ${sources}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/verilate.cmake ${shared} ${ARG_SOURCES} ${ARG_DEPENDS}
    COMMENT "Verilating ${ARG_PREFIX}" VERBATIM)
  add_library(${target} OBJECT ${dir}/fast.cpp ${dir}/slow.cpp ${dir}/${ARG_PREFIX}.h)
  set(flags -w ${VERILATOR_CFLAGS})
  # Whatever the build type: unoptimised models are slower than anybody's patience, and reset, initial values and
  # tracing, which run once or seldom, are most of the code.
  set_source_files_properties(${dir}/fast.cpp PROPERTIES COMPILE_OPTIONS "${flags};-O2;-g0")
  set_source_files_properties(${dir}/slow.cpp PROPERTIES COMPILE_OPTIONS "${flags};-O0;-g0")
  target_include_directories(${target} SYSTEM PUBLIC ${dir})
  target_link_libraries(${target} PUBLIC lutetia_verilated)
endfunction()

# Reads the lines of a verilations.txt: out = list of "name|Param=Value,Param=Value".
function(lutetia_read_verilations file out)
  set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(STRINGS ${file} lines)
  set(variants)
  set(names)
  foreach(line ${lines})
    string(REGEX REPLACE "#.*" "" line "${line}")
    separate_arguments(words UNIX_COMMAND "${line}")
    if(NOT words)
      continue()
    endif()
    list(POP_FRONT words name)
    if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "${file}: '${name}' is not a name of a variant (lower_case)")
    endif()
    if(name IN_LIST names)
      message(FATAL_ERROR "${file}: two variants are called '${name}'")
    endif()
    list(APPEND names ${name})
    set(nightly OFF)
    set(parameters)
    foreach(word ${words})
      if(word STREQUAL "nightly")
        set(nightly ON)
      elseif(word MATCHES "^[A-Z][A-Za-z0-9_]*=-?[0-9]+$")
        list(APPEND parameters ${word})
      else()
        message(FATAL_ERROR "${file}: ${name}: '${word}' is neither Param=Value with an integer value nor 'nightly'")
      endif()
    endforeach()
    if(NOT nightly OR LUTETIA_NIGHTLY)
      list(JOIN parameters "," parameters)
      list(APPEND variants "${name}|${parameters}")
    endif()
  endforeach()
  set(${out} ${variants} PARENT_SCOPE)
endfunction()

function(lutetia_verilations)
  lutetia_subfolders(units rtl/units)
  foreach(UNIT ${units})
    set(folder ${CMAKE_SOURCE_DIR}/rtl/units/${UNIT})
    if(NOT EXISTS ${folder}/verilations.txt)
      continue()   # scripts/check-mirror tells whether that is as it should be
    endif()
    if(NOT EXISTS ${CMAKE_SOURCE_DIR}/sim/cosim/${UNIT}_dut.h)
      message(WARNING "rtl/units/${UNIT} is not verilated: it has no adapter sim/cosim/${UNIT}_dut.h")
      continue()
    endif()
    file(GLOB depends CONFIGURE_DEPENDS ${folder}/*.sv ${folder}/*.svh ${folder}/*.vlt)
    set(sources ${depends})
    list(FILTER sources INCLUDE REGEX "(\\.vlt|_pkg\\.sv)$")   # other modules are found by -y
    list(APPEND sources ${folder}/${UNIT}.sv)
    string(REPLACE _ ";" words ${UNIT})
    set(UNIT_CAMEL)
    foreach(word ${words})
      string(SUBSTRING ${word} 0 1 first)
      string(SUBSTRING ${word} 1 -1 rest)
      string(TOUPPER ${first} first)
      string(APPEND UNIT_CAMEL ${first}${rest})
    endforeach()

    lutetia_read_verilations(${folder}/verilations.txt variants)
    foreach(variant ${variants})
      string(REGEX MATCH "^([^|]*)\\|(.*)$" ignored "${variant}")
      set(NAME ${CMAKE_MATCH_1})
      string(REPLACE "," ";" parameters "${CMAKE_MATCH_2}")
      set(PREFIX ${UNIT}_${NAME})
      list(TRANSFORM parameters PREPEND -G OUTPUT_VARIABLE arguments)
      list(TRANSFORM parameters REPLACE "^(.*)=(.*)$" "{\"\\1\", \\2}" OUTPUT_VARIABLE PARAMETERS)
      list(JOIN PARAMETERS ", " PARAMETERS)
      set(target lutetia_rtl_${PREFIX})
      lutetia_verilate(${target} PREFIX V${PREFIX} TOP ${UNIT} SOURCES ${sources}
                       ARGS ${arguments} -y rtl/units/${UNIT} -Irtl/units/${UNIT} DEPENDS ${depends})
      set(registration ${CMAKE_BINARY_DIR}/verilated/${PREFIX}_registration.cpp)
      configure_file(${CMAKE_SOURCE_DIR}/cmake/rtl_variant.cpp.in ${registration} @ONLY)
      target_sources(${target} PRIVATE ${registration})
      set_source_files_properties(${registration} PROPERTIES COMPILE_OPTIONS "${LUTETIA_WARNINGS}")
      target_link_libraries(${target} PRIVATE $<TARGET_PROPERTY:lutetia_cosim,INTERFACE_LINK_LIBRARIES>)
      target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/sim)
      set_property(GLOBAL APPEND PROPERTY LUTETIA_EXTRA_OBJECTS_cosim ${target})
    endforeach()
  endforeach()
endfunction()
