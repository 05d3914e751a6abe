# tests/mutants/<unit>.txt: mistakes in rtl/units/<unit> that co-simulation must notice. One test per unit, label `mutation`.
# mutant_bench is the co-simulation without a model: a mutant's model is a shared object that it loads (tests/mutants).
function(lutetia_mutants)
  file(GLOB lists CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/mutants/*.txt)
  if(NOT lists)
    return()
  endif()
  add_executable(mutant_bench ${CMAKE_SOURCE_DIR}/tests/mutants/main.cpp)
  lutetia_link(mutant_bench cosim)
  target_link_libraries(mutant_bench PRIVATE ${CMAKE_DL_LIBS})
  # The models find Verilator's runtime, the cycle bodies and the registry in the program that loads them.
  set_target_properties(mutant_bench PROPERTIES ENABLE_EXPORTS ON)
  foreach(list ${lists})
    get_filename_component(unit ${list} NAME_WE)
    if(NOT EXISTS ${CMAKE_SOURCE_DIR}/sim/cosim/${unit}_dut.h)
      continue()   # nothing to find them with; cmake/verilations.cmake warns
    endif()
    list(JOIN CMAKE_CXX_COMPILER_LAUNCHER " " launcher)
    string(STRIP "${launcher} ${CMAKE_CXX_COMPILER}" compiler)
    add_test(NAME mutants/${unit}
             COMMAND python3 -B ${CMAKE_SOURCE_DIR}/tests/mutants/run.py ${list} --bench $<TARGET_FILE:mutant_bench>
                     --work ${CMAKE_BINARY_DIR}/mutants --verilator ${VERILATOR_BIN}
                     --verilator-include ${VERILATOR_ROOT}/include --cxx ${compiler})
    # It keeps all cores busy by itself.
    set_tests_properties(mutants/${unit} PROPERTIES LABELS mutation TIMEOUT 1200 PROCESSORS 2)
  endforeach()
endfunction()
