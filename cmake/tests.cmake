# One GoogleTest binary per folder of tests/, tests_<folder>, linked with the layer of the same name and what is below it;
# a folder without such a layer (laws, ...) sees the whole machine. CTest runs every test in a process of its own, because
# SystemC allows one elaboration per process; the label of a test is its folder. *_nightly_test.cpp go into a binary of
# their own, tests_<folder>_nightly, with the label `nightly`, built with -DLUTETIA_NIGHTLY=ON.
include(GoogleTest)

function(lutetia_tests)
  file(GLOB helpers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/*.cpp)
  if(helpers)
    # A static library, unlike the layers: a test takes the helpers it uses, and needs only what these need.
    add_library(lutetia_test_support STATIC ${helpers})
    target_include_directories(lutetia_test_support PUBLIC ${CMAKE_SOURCE_DIR}/tests ${CMAKE_SOURCE_DIR}/sim)
    target_compile_options(lutetia_test_support PRIVATE ${LUTETIA_WARNINGS})
    target_link_libraries(lutetia_test_support PUBLIC fmt::fmt nlohmann_json::nlohmann_json GTest::gtest)
  endif()

  lutetia_subfolders(folders tests)
  list(REMOVE_ITEM folders support checks benchmarks units rtl)
  lutetia_subfolders(units tests/units)
  list(TRANSFORM units PREPEND units/)
  foreach(folder ${folders} ${units})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*_test.cpp)
    lutetia_test_layer(${folder} layer)
    lutetia_test_binaries(${folder} "${layer}" ${sources})
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/units/*_test.cpp)
  lutetia_test_binaries(units units ${sources})

  if(LUTETIA_RTL)
    lutetia_rtl_tests()
    if(TARGET tests_app AND TARGET lutetia)
      add_dependencies(tests_app lutetia)
      target_compile_definitions(tests_app PRIVATE LUTETIA_BINARY="$<TARGET_FILE:lutetia>")
    endif()
    lutetia_benchmarks()
    lutetia_checks()   # of sources: once is enough, so not in the sanitize build
  endif()
endfunction()

# The layer that the tests of a folder link; empty if this build does not have it.
function(lutetia_test_layer folder out)
  get_property(layers GLOBAL PROPERTY LUTETIA_LAYERS)
  if(folder IN_LIST layers)
    set(${out} ${folder} PARENT_SCOPE)
  elseif(LUTETIA_RTL AND NOT folder MATCHES /)
    set(${out} accelerator PARENT_SCOPE)
  else()
    set(${out} "" PARENT_SCOPE)
  endif()
endfunction()

# tests_<folder> and, for nightly builds, tests_<folder>_nightly.
function(lutetia_test_binaries folder layer)
  if(NOT layer OR NOT ARGN)
    return()
  endif()
  set(nightly ${ARGN})
  set(daily ${ARGN})
  list(FILTER nightly INCLUDE REGEX "_nightly_test\\.cpp$")
  list(FILTER daily EXCLUDE REGEX "_nightly_test\\.cpp$")
  string(REPLACE / _ name tests_${folder})
  if(daily)
    lutetia_test_binary(${name} ${folder} ${folder} 300 ${daily})
    lutetia_link(${name} ${layer})
    lutetia_test_main(${name} ${layer})
  endif()
  if(nightly AND LUTETIA_NIGHTLY)
    lutetia_test_binary(${name}_nightly ${folder} nightly 3600 ${nightly})
    lutetia_link(${name}_nightly ${layer})
    lutetia_test_main(${name}_nightly ${layer})
  endif()
endfunction()

function(lutetia_test_binary name folder label timeout)
  add_executable(${name} ${ARGN})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE LUTETIA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(${name} PRIVATE ${LUTETIA_WARNINGS})
  if(TARGET lutetia_test_support)
    target_link_libraries(${name} PRIVATE lutetia_test_support)
  endif()
  target_link_libraries(${name} PRIVATE GTest::gmock GTest::gtest ${MPFR_LIBRARY} ${GMP_LIBRARY})
  # PRE_TEST: the list of tests is read when CTest runs, so that a binary that was not built is one failure of its own.
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES TEST_PREFIX ${folder}/
    PROPERTIES LABELS ${label} TIMEOUT ${timeout})
endfunction()

# libsystemc calls sc_main(), so a binary that links it needs one.
function(lutetia_test_main name layer)
  lutetia_closure(closure ${layer})
  if(kernel IN_LIST closure)
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/main_systemc.cpp)
  else()
    target_link_libraries(${name} PRIVATE GTest::gtest_main)
  endif()
endfunction()

# tests/rtl/<module>_test.cpp: the modules of rtl/common (or, for test-only Verilog, of tests/rtl, which may instantiate
# modules of units) with their default parameters, class V<module>. These tests have oracles of their own; the only layer
# they see, and also compare with, is `numeric`.
function(lutetia_rtl_tests)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/rtl/*_test.cpp)
  file(GLOB modules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/common/*.sv)
  if(NOT sources)
    return()
  endif()
  lutetia_test_binary(tests_rtl rtl rtl 300 ${sources})
  lutetia_link(tests_rtl numeric)
  target_link_libraries(tests_rtl PRIVATE lutetia_verilated GTest::gtest_main)
  file(GLOB parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/units/*/*.sv)
  lutetia_subfolders(units rtl/units)
  list(TRANSFORM units PREPEND -Irtl/units/ OUTPUT_VARIABLE folders)
  foreach(source ${sources})
    get_filename_component(module ${source} NAME_WE)
    string(REGEX REPLACE "(_nightly)?_test$" "" module ${module})
    set(file ${modules})
    list(FILTER file INCLUDE REGEX "/${module}\\.sv$")
    set(of_units)
    if(file MATCHES "/tests/rtl/")
      set(of_units ARGS ${folders} DEPENDS ${parts})
    endif()
    if(file AND NOT TARGET lutetia_rtl_common_${module})
      lutetia_verilate(lutetia_rtl_common_${module} PREFIX V${module} TOP ${module} SOURCES ${file} ${of_units})
      target_link_libraries(tests_rtl PRIVATE lutetia_rtl_common_${module})
    endif()
  endforeach()
endfunction()

# tests/benchmarks/<name>_benchmark.cpp: the binary benchmark_<name>. Built with the rest so that it keeps compiling,
# never run as a test.
function(lutetia_benchmarks)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/benchmarks/*_benchmark.cpp)
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_benchmark$" "" name ${name})
    add_executable(benchmark_${name} ${source} ${CMAKE_SOURCE_DIR}/tests/main_benchmark.cpp)
    target_include_directories(benchmark_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_definitions(benchmark_${name} PRIVATE LUTETIA_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    lutetia_link(benchmark_${name} app)
    target_link_libraries(benchmark_${name} PRIVATE benchmark::benchmark)
  endforeach()
endfunction()

# scripts/check-*: the rules that a compiler does not know, and for each check a test that it does find violations.
function(lutetia_checks)
  file(GLOB checks CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scripts/check-*)
  foreach(check ${checks})
    get_filename_component(name ${check} NAME)
    string(REPLACE "check-" "" name ${name})
    add_test(NAME checks/${name} COMMAND ${check} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    string(REPLACE - _ file ${name})
    add_test(NAME checks/${name}_finds_violations
             COMMAND python3 -B ${CMAKE_SOURCE_DIR}/tests/checks/${file}_test.py)
    set_tests_properties(checks/${name} checks/${name}_finds_violations PROPERTIES LABELS checks TIMEOUT 600)
  endforeach()
  # Synthesis, gate level and calibration: tests of their scripts. Debian's Python, which sees Debian's packages.
  foreach(script area arithmetic_map synthesize glitches cost_fit sram_model technologies driven_operands)
    add_test(NAME checks/script_${script} COMMAND /usr/bin/python3 -B ${CMAKE_SOURCE_DIR}/tests/checks/${script}_test.py)
    set_tests_properties(checks/script_${script} PROPERTIES LABELS checks TIMEOUT 600)
  endforeach()
  if(TARGET lutetia)
    add_test(NAME checks/prices_are_those_of_the_files
             COMMAND ${CMAKE_COMMAND} -E env LUTETIA=$<TARGET_FILE:lutetia> /usr/bin/python3 -B
                     ${CMAKE_SOURCE_DIR}/tests/checks/prices_test.py)
    set_tests_properties(checks/prices_are_those_of_the_files PROPERTIES LABELS checks TIMEOUT 600)
    # One unit, and the block without streams, calibrated anew, from Verilog to coefficients, and held against the committed ones.
    add_test(NAME checks/calibration_is_reproduced
             COMMAND ${CMAKE_COMMAND} -E env LUTETIA=$<TARGET_FILE:lutetia> /usr/bin/python3 -B
                     ${CMAKE_SOURCE_DIR}/scripts/calibrate.py weight_decoder fp32_fma
                     --check ${CMAKE_SOURCE_DIR}/configs/technology/osu018.yaml --jobs 2)
    set_tests_properties(checks/calibration_is_reproduced PROPERTIES LABELS checks TIMEOUT 1200)
  endif()
endfunction()
