#!/usr/bin/env bash
# LibreOffice 7.4: a case number of 17 digits that a cell keeps as a number is saved as CSV in scientific notation.
# Guess: it reads as in Excel, 1.23E+16, so a pattern with two digits of exponent finds what was rounded.
# Seen:  fifteen digits of the number, and three of the exponent: 1.23456789012346E+016.
# So:    take any number of zeros in the exponent; two different case numbers may have become one.
# Needs soffice (LibreOffice Calc) on PATH.
. "$(dirname "$0")/kafka.sh"
packages openpyxl==3.1.5
cd "$FOLDER"
python - <<'P'
from openpyxl import Workbook

book = Workbook()
book.active.append(["id"])
book.active.append([12345678901234567])
book.save("long.xlsx")
P
soffice "-env:UserInstallation=file://$PWD/profile" --headless --convert-to csv long.xlsx >/dev/null 2>&1
cat long.csv
grep -qx '1\.23456789012346E+016' long.csv
