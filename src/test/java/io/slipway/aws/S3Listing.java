package io.slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** ListObjectsV2: keys and, with a delimiter, common prefixes, at most 1,000 of both a page (emr-facts, section 11). */
final class S3Listing {

    private final S3Request request;
    private final String prefix;
    private final String delimiter;
    private final List<String> entries = new ArrayList<>();
    private int count;
    private String last;

    private S3Listing(S3Request request) {
        this.request = request;
        this.prefix = request.query("prefix", "");
        this.delimiter = request.query("delimiter", "");
    }

    static String xml(S3Request request, S3Bucket bucket) {
        return new S3Listing(request).page(bucket);
    }

    private String page(S3Bucket bucket) {
        int most = Math.min(1000, Integer.parseInt(request.query("max-keys", "1000")));
        String token = request.query("continuation-token", "");
        last = token.isEmpty()
                ? request.query("start-after", "")
                : new String(Base64.getUrlDecoder().decode(token), UTF_8);
        boolean truncated = false;
        for (Map.Entry<String, S3Bucket.StoredObject> object :
                bucket.objects.tailMap(last, false).entrySet()) {
            if (!object.getKey().startsWith(prefix) || isWithinLastPrefix(object.getKey())) {
                continue;
            }
            if (count == most) {
                truncated = true;
                break;
            }
            add(object.getKey(), object.getValue());
        }
        return "<ListBucketResult>" + S3Xml.text("Name", request.bucket()) + S3Xml.element("KeyCount", count)
                + S3Xml.element("MaxKeys", most) + S3Xml.text("Prefix", name(prefix))
                + S3Xml.element("IsTruncated", truncated)
                + (request.query().containsKey("encoding-type") ? S3Xml.element("EncodingType", "url") : "")
                + (truncated
                        ? S3Xml.element(
                                "NextContinuationToken", Base64.getUrlEncoder().encodeToString(last.getBytes(UTF_8)))
                        : "")
                + String.join("", entries) + "</ListBucketResult>";
    }

    private void add(String key, S3Bucket.StoredObject object) {
        int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        count++;
        if (end >= 0) {
            last = key.substring(0, end + delimiter.length());
            entries.add(S3Xml.element("CommonPrefixes", S3Xml.text("Prefix", name(last))));
        } else {
            last = key;
            entries.add(S3Xml.element(
                    "Contents",
                    S3Xml.text("Key", name(key))
                            + S3Xml.element("LastModified", "2030-01-01T00:00:00.000Z")
                            + S3Xml.element("ETag", "&quot;" + object.etag() + "&quot;")
                            + S3Xml.element("Size", object.content().length)
                            + S3Xml.element("StorageClass", "STANDARD")));
        }
    }

    private boolean isWithinLastPrefix(String key) {
        return !delimiter.isEmpty()
                && last.endsWith(delimiter)
                && last.length() > prefix.length()
                && key.startsWith(last);
    }

    private String name(String key) {
        return request.query().containsKey("encoding-type")
                ? URLEncoder.encode(key, UTF_8).replace("%2F", "/")
                : key;
    }
}
