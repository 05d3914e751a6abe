# Run at build time: cmake -D PREFIX=V.. -D DIR=.. -P verilate.cmake -- verilator arguments...
# Verilator decides how many files it writes; a build system wants to know before. So the files are gathered into two:
# fast.cpp holds what runs every cycle, slow.cpp construction, reset and tracing.
set(command)
set(seen OFF)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(seen)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(seen ON)
  endif()
endforeach()

file(REMOVE_RECURSE ${DIR})   # files of an earlier run would be gathered too
file(MAKE_DIRECTORY ${DIR})
execute_process(COMMAND ${command} RESULT_VARIABLE status)
if(status)
  list(JOIN command " " command)
  message(FATAL_ERROR "Verilator failed: ${command}")
endif()

file(GLOB slow ${DIR}/*__Slow.cpp ${DIR}/*__Syms.cpp ${DIR}/*__Trace__*.cpp)
file(GLOB fast ${DIR}/*.cpp)
list(REMOVE_ITEM fast ${slow})
foreach(speed fast slow)
  set(text)
  foreach(file ${${speed}})
    get_filename_component(name ${file} NAME)
    string(APPEND text "#include \"${name}\"\n")
  endforeach()
  file(WRITE ${DIR}/${speed}.cpp "${text}")
endforeach()
