package org.apache.spark.deploy;

/** Of Spark, as far as the live channel meets it. */
public final class SparkHadoopUtil {

    public static SparkHadoopUtil get() {
        return new SparkHadoopUtil();
    }

    /** The configuration of Hadoop. */
    public Object conf() {
        return this;
    }
}
