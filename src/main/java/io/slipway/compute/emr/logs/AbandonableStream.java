package io.slipway.compute.emr.logs;

import java.io.FilterInputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Closed before its end it drops the connection, where the SDK would read the rest of the object to keep it. */
final class AbandonableStream extends FilterInputStream {

    private final ResponseInputStream<GetObjectResponse> response;

    AbandonableStream(ResponseInputStream<GetObjectResponse> response) {
        super(response);
        this.response = response;
    }

    @Override
    public void close() {
        response.abort();
    }
}
