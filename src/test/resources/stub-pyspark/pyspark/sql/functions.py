def udf(function, return_type):
    return lambda column: (function, column)
