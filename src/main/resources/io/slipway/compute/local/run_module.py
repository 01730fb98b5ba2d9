"""Runs `-m package.module` for a spark-submit, which starts only files: run_module.py package.module arguments…"""
import runpy
import sys

sys.path.pop(0)  # this file's own folder is nothing to import from
sys.argv.pop(0)
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
