"""Asks Spark in the driver's JVM how far it is."""
import re

MOST_STAGES = 10


def progress(jvm, project):
    """
    None while there is no SparkContext.

    @param project: the project's folder, which the names of its stages begin with in Spark
    """
    try:
        active = jvm.call(jvm.field("org.apache.spark.SparkContext$", "MODULE$"), "getActive")
        return of_context(jvm, jvm.call(active, "get"), project) if jvm.call(active, "isDefined") else None
    finally:
        jvm.forget()


def of_context(jvm, context, project):
    java = jvm.static("org.apache.spark.api.java.JavaSparkContext", "fromSparkContext", context)
    tracker = jvm.call(java, "statusTracker")
    stages = sorted(numbers(jvm, jvm.call(tracker, "getActiveStageIds")))
    return {
        "applicationId": jvm.call(context, "applicationId"),
        "executors": executors(jvm, context),
        "activeJobs": len(numbers(jvm, jvm.call(tracker, "getActiveJobIds"))),
        "activeStages": len(stages),
        "stages": [each for each in (stage(jvm, tracker, number, project) for number in stages[:MOST_STAGES]) if each],
    }


def executors(jvm, context):
    """None where the driver does all the work by itself."""
    if jvm.call(context, "isLocal"):
        return None
    return max(0, jvm.call(jvm.call(context, "getExecutorMemoryStatus"), "size") - 1)


def numbers(jvm, array):
    return [int(number) for number in re.findall(r"\d+", jvm.static("java.util.Arrays", "toString", array))]


def stage(jvm, tracker, number, project):
    info = jvm.call(tracker, "getStageInfo", number)
    if info is None:
        return None
    told = {"id": number, "name": jvm.call(info, "name").replace(project + "/", "")[:200]}
    for name, method in (("tasks", ""), ("active", "Active"), ("completed", "Completed"), ("failed", "Failed")):
        told[name] = jvm.call(info, "num%sTasks" % method)
    return told
