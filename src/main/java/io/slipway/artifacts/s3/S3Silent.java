package io.slipway.artifacts.s3;

import software.amazon.awssdk.core.exception.SdkClientException;

/** S3 gave no answer for so long that whoever waits is told so, instead of being kept for another attempt. */
final class S3Silent extends SdkClientException {

    private static final long serialVersionUID = 1;

    S3Silent(SdkClientException last) {
        super(SdkClientException.builder().message(last.getMessage()).cause(last));
    }
}
