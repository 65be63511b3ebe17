"""The directory in and out: HSDS 3.0 as JSON and as tables, CSV and XLSX, and a read-only HSDS API.

An import is a dry run until it is applied, names row and column of every mistake, and is all or nothing. A hidden
address never leaves through the API.
"""
