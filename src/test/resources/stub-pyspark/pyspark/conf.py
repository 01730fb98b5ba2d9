class SparkConf:
    def __init__(self):
        self.settings = {}

    def set(self, key, value):
        self.settings[key] = value
        return self

    def setAppName(self, name):
        return self.set("spark.app.name", name)

    def setMaster(self, master):
        return self.set("spark.master", master)

    def get(self, key, default=None):
        return self.settings.get(key, default)
