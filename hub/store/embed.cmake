# Writes OUTPUT, a C header with each of INPUTS as a string PREFIX<name> (bh_sql_<name>):
# cmake "-DINPUTS=a.sql;b.sql" -DOUTPUT=x.h -P embed.cmake
# Bytes, not a literal: ISO C promises no literal longer than 4095 characters.
if(NOT PREFIX)
	set(PREFIX bh_sql_)
endif()
set(header "/* Made by embed.cmake; do not edit. */\n")
foreach(input IN LISTS INPUTS)
	get_filename_component(name ${input} NAME_WE)
	file(READ ${input} bytes HEX)
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
	string(REGEX REPLACE "((0x..,){16})" "\\1\n" bytes "${bytes}")
	string(APPEND header "static const char ${PREFIX}${name}[] = {\n${bytes}0 };\n")
endforeach()
file(WRITE ${OUTPUT} "${header}")
