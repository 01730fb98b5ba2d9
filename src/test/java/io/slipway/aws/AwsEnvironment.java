package io.slipway.aws;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an operator would set in the environment, as the system properties that the SDK reads first; undone by close. */
public final class AwsEnvironment implements AutoCloseable {

    private final Map<String, String> before = new LinkedHashMap<>();

    /** Credentials and a region, and no instance to ask for either. */
    public AwsEnvironment() {
        with("aws.accessKeyId", "test").with("aws.secretAccessKey", "test").with("aws.region", SimulatedS3.REGION);
        with("aws.disableEc2Metadata", "true").with("aws.configFile", "/dev/null");
    }

    public AwsEnvironment withS3(URI endpoint) {
        return with("aws.endpointUrlS3", endpoint.toString());
    }

    public AwsEnvironment with(String property, String value) {
        String old = System.setProperty(property, value);
        before.putIfAbsent(property, old);
        return this;
    }

    public AwsEnvironment without(String property) {
        String old = System.clearProperty(property);
        before.putIfAbsent(property, old);
        return this;
    }

    @Override
    public void close() {
        before.forEach((property, old) -> {
            if (old == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, old);
            }
        });
    }

    /** For a process that is to meet the stand-ins and no machine of AWS. */
    public static Map<String, String> variables(SimulatedEmr emr, SimulatedS3 s3) {
        return Map.of(
                "AWS_ENDPOINT_URL_EMR", emr.endpoint().toString(),
                "AWS_ENDPOINT_URL_S3", s3.endpoint().toString(),
                "AWS_REGION", SimulatedS3.REGION,
                "AWS_ACCESS_KEY_ID", "test",
                "AWS_SECRET_ACCESS_KEY", "test",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_CONFIG_FILE", "/dev/null");
    }
}
