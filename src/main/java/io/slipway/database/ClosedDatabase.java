package io.slipway.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/**
 * Takes connections out of the pool whose H2 has closed its file, as it does at the first write that fails, on a full disk for example. Such
 * a connection calls itself valid for ever; H2 opens the file again for a new one, once all of them are gone.
 */
public final class ClosedDatabase implements SQLExceptionOverride {

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return failure.getErrorCode() == ErrorCode.DATABASE_IS_CLOSED ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
