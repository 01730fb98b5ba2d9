package io.slipway.project;

import java.io.IOException;

/** So little is free on the disk that writing ends here, while the database beside it can still go on. */
public final class DiskFull extends IOException {

    public DiskFull() {
        super("There is too little free space on the service's disk.");
    }

    /** Nobody learns anything from where it was noticed. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
