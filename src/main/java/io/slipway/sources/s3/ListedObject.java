package io.slipway.sources.s3;

import software.amazon.awssdk.services.s3.model.S3Object;

/** What is kept of an object of a listing: a hundred thousand of the SDK's own take several times the memory. */
record ListedObject(String key, String eTag, long size) {

    static ListedObject of(S3Object object) {
        return new ListedObject(object.key(), object.eTag(), object.size());
    }
}
