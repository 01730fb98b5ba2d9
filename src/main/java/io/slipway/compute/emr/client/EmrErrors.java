package io.slipway.compute.emr.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What an exception of the SDK means. EMR's model leaves out most of its errors, so they are told apart by their code. */
public final class EmrErrors {

    // The wording is EMR's; public clients in production match the same.
    private static final Pattern FULL = Pattern.compile("Maximum number of active steps.* for cluster exceeded");
    private static final Pattern GONE =
            Pattern.compile("job flow that is shutting down, terminated, or finished may not be modified");

    private EmrErrors() {}

    /** The cluster has as many steps as it can hold. */
    public static boolean isFull(Throwable failure) {
        return isValidation(failure) && FULL.matcher(words(failure)).find();
    }

    /** The cluster takes no more steps, and never will. */
    public static boolean isOfGoneCluster(Throwable failure) {
        return isValidation(failure) && GONE.matcher(words(failure)).find();
    }

    /** EMR understood the call and says no; asked again it says the same. */
    public static boolean isRefusal(Throwable failure) {
        return isValidation(failure) || (isClientError(failure) && code(failure).equals("InvalidRequestException"));
    }

    /** We may not make the call; AWS finds that out before it does anything. */
    public static boolean isDenied(Throwable failure) {
        return isClientError(failure) && code(failure).startsWith("AccessDenied");
    }

    public static boolean isValidation(Throwable failure) {
        return isClientError(failure) && code(failure).equals("ValidationException");
    }

    static boolean isThrottling(Throwable failure) {
        return failure instanceof SdkServiceException service && service.isThrottlingException();
    }

    /** EMR, or the way to it, is out of order. A call that we stopped ourselves says nothing of that. */
    static boolean isOutage(Throwable failure) {
        return !isThrottling(failure)
                && !(failure instanceof AbortedException)
                && (failure instanceof SdkClientException
                        || (failure instanceof SdkServiceException service && service.statusCode() >= 500));
    }

    /** No connection came about, so nothing was sent. */
    public static boolean isNotConnected(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /** The service's own sentence where there is one. */
    public static String words(Throwable failure) {
        if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            String message = service.awsErrorDetails().errorMessage();
            return (message == null ? "no message" : message) + " (" + code(failure) + ")";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    public static boolean isClientError(Throwable failure) {
        return failure instanceof SdkServiceException service
                && service.statusCode() >= 400
                && service.statusCode() < 500;
    }

    /** Empty when it has none. */
    public static String code(Throwable failure) {
        if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            String code = service.awsErrorDetails().errorCode();
            return code == null ? "" : code;
        }
        return "";
    }
}
