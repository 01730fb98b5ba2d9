package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Puts into S3 what the driver of one run shows of itself, under the names and in the order of the program that does it on a cluster. */
public final class LiveDriver {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final SimulatedS3 s3;
    private final String bucket;
    private final String prefix;
    private final String key;
    private final int attempt;
    private final List<Map<String, Object>> kept = new ArrayList<>();
    private int number;
    private int beats;
    private long stdout;

    /** @param prefix of all that the service has in the bucket, such as {@code slipway/} */
    public LiveDriver(SimulatedS3 s3, String bucket, String prefix, String submissionKey) {
        this(s3, bucket, prefix, submissionKey, 1);
    }

    private LiveDriver(SimulatedS3 s3, String bucket, String prefix, String submissionKey, int attempt) {
        this.s3 = s3;
        this.bucket = bucket;
        this.prefix = prefix;
        this.key = submissionKey;
        this.attempt = attempt;
    }

    /** The driver that YARN starts when this one has died. */
    public LiveDriver again() {
        return new LiveDriver(s3, bucket, prefix, key, attempt + 1);
    }

    public void prints(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        put("%08d-stdout-%016d-%d".formatted(number++, stdout, bytes.length), bytes);
        stdout += bytes.length;
    }

    /** The last bytes of a stream of which all before was shown no more. */
    public void printsMuch(long offset, String last) {
        put("tail-stdout", ("%016d\n".formatted(offset) + last).getBytes(UTF_8));
    }

    /** @param spark what is to be said beside the sign of life, as JSON; {@code {}} without a Spark context */
    public void progresses(String spark) {
        Map<String, Object> told = new LinkedHashMap<>();
        JSON.readTree(spark).properties().forEach(field -> told.put(field.getKey(), field.getValue()));
        told.put("beat", ++beats);
        told.put("pace", 2);
        told.put("python", "3.9.16");
        put("progress.json", JSON.writeValueAsBytes(told));
    }

    /** That it is there, and may write. */
    public void starts() {
        s3.put(bucket, endKey() + ".started", "{}".getBytes(UTF_8));
    }

    public void ends(Integer exitCode, Instant at) {
        ends(exitCode, at, Map.of());
    }

    public void fails(Instant at, String type, String message, String traceback) {
        ends(1, at, Map.of("type", type, "message", message, "traceback", traceback));
    }

    private void ends(Integer exitCode, Instant at, Map<String, String> failure) {
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("exitCode", exitCode);
        end.put("endedAt", at.toString());
        byte[] sign = JSON.writeValueAsBytes(end);
        end.putAll(failure);
        end.put("python", "3.9.16");
        put("ended.json", JSON.writeValueAsBytes(end));
        s3.put(bucket, endKey(), sign);
    }

    /** A file of its working folder, put in place when the program has ended. */
    public void keeps(String path, byte[] content) {
        s3.put(bucket, results() + "files/" + path, content);
        kept.add(Map.of("path", path, "size", content.length));
    }

    /** That all files are in place. */
    public void hasKept(String note) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("files", kept);
        list.put("leftOut", List.of(Map.of("path", "out/large", "why", "It is too large.")));
        list.put("note", note);
        s3.put(bucket, results() + "results.json", JSON.writeValueAsBytes(list));
    }

    private String results() {
        return prefix + "results/default/" + key + "/";
    }

    public String endKey() {
        return prefix + "live-ends/default/" + key;
    }

    public String folder() {
        return prefix + "live/default/" + key + "/";
    }

    private void put(String name, byte[] content) {
        s3.put(bucket, folder() + "%02d/".formatted(attempt) + name, content);
    }
}
