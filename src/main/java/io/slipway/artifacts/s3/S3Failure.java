package io.slipway.artifacts.s3;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What a failed call means: whether S3 is down, whether it may work later, and what a person can do about it. */
final class S3Failure {

    private static final Set<String> WRONG_CREDENTIALS = Set.of(
            "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired");

    private static final Set<String> WRONG_REGION =
            Set.of("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

    private S3Failure() {}

    /**
     * S3 gave no answer, or an answer that only a broken server gives. Throttling is neither: it ends by itself. The completion of an
     * upload may begin with status 200 and fail later, so that the status alone does not tell.
     */
    static boolean isOutage(Throwable failure) {
        if (failure instanceof AwsServiceException answer) {
            boolean broken = answer.statusCode() >= 500 && answer.statusCode() != 501
                    || code(answer).equals("InternalError");
            return broken && !isThrottling(answer);
        }
        return failure instanceof SdkClientException && !(failure instanceof AbortedException);
    }

    /** Worth another attempt in a moment. */
    static boolean mayPass(Throwable failure) {
        return isOutage(failure) && !(failure instanceof S3Silent)
                || failure instanceof AwsServiceException answer
                        && (isThrottling(answer)
                                || answer.isClockSkewException()
                                || code(answer).equals("RequestTimeout"));
    }

    /** 503 alone is enough: the answer to a HEAD has no body that could say SlowDown. */
    private static boolean isThrottling(AwsServiceException answer) {
        return answer.isThrottlingException()
                || answer.statusCode() == 503
                || code(answer).equals("ServiceUnavailable");
    }

    static String code(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    /** @param what what was being done, such as {@code "store slipway/a.zip"} */
    static IOException explained(String bucket, String what, RuntimeException failure) {
        return new IOException("Could not " + what + " in bucket " + bucket + ": " + advice(bucket, failure), failure);
    }

    private static String advice(String bucket, RuntimeException failure) {
        if (failure instanceof CallNotPermittedException) {
            return "S3 failed again and again, so that it is left alone for some seconds. Try again later.";
        }
        if (!(failure instanceof AwsServiceException answer)) {
            return "S3 gave no answer (" + failure.getMessage()
                    + "). Check the network, the credentials and, if it is set, AWS_ENDPOINT_URL_S3.";
        }
        String code = code(answer);
        if (code.equals("NoSuchBucket")) {
            return "there is no such bucket. Check slipway.artifacts.s3.bucket.";
        }
        if (isWrongRegion(answer)) {
            return "it is in " + region(answer).map(name -> "region " + name).orElse("another region")
                    + ". Set AWS_REGION to that.";
        }
        if (WRONG_CREDENTIALS.contains(code)) {
            return "S3 does not accept the credentials (" + code + "). Check what the AWS credentials chain finds.";
        }
        if (answer.statusCode() == 403) {
            return "access is denied. The service's role needs s3:PutObject, s3:GetObject, s3:DeleteObject and"
                    + " s3:AbortMultipartUpload on the keys below slipway.artifacts.s3.prefix, s3:ListBucket on "
                    + bucket
                    + ", and the bucket's KMS key if it has one.";
        }
        if (isThrottling(answer)) {
            return "S3 asks to slow down. Try again later.";
        }
        return "S3 answered " + answer.statusCode() + " " + code + ".";
    }

    /** The answer to a HEAD has no code; S3 then says "bad request" and names the region in a header. */
    private static boolean isWrongRegion(AwsServiceException answer) {
        String code = code(answer);
        return answer.statusCode() == 301
                || WRONG_REGION.contains(code)
                || answer.statusCode() == 400
                        && code.isEmpty()
                        && region(answer).isPresent();
    }

    private static Optional<String> region(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.sdkHttpResponse() == null
                ? Optional.empty()
                : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
    }
}
