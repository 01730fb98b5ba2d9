package io.slipway.sources.s3;

import io.slipway.sources.S3AllowList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A client for each set of credentials that the allow list names, made when it is first needed. */
final class SourceClients implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final int ATTEMPTS = 3;

    private final S3FetchSettings settings;
    private final Map<Credentials, S3Client> clients = new ConcurrentHashMap<>();

    SourceClients(S3FetchSettings settings) {
        this.settings = settings;
    }

    private record Credentials(@Nullable Path file, String profile) {}

    S3Client of(S3AllowList.Entry entry) {
        return clients.computeIfAbsent(new Credentials(entry.credentialsFile(), entry.profile()), this::client);
    }

    private S3Client client(Credentials credentials) {
        S3ClientBuilder builder = S3Client.builder()
                .forcePathStyle(settings.pathStyle())
                .httpClientBuilder(ApacheHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .connectionAcquisitionTimeout(settings.timeout())
                        .socketTimeout(settings.silence())
                        .maxConnections(Math.max(50, 4 * settings.connections())))
                .overrideConfiguration(
                        config -> config.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(ATTEMPTS)
                                        .build())
                                .apiCallTimeout(settings.timeout()));
        Path file = credentials.file();
        if (file != null) {
            builder.credentialsProvider(ProfileCredentialsProvider.builder()
                    .profileFile(() -> ProfileFile.builder()
                            .content(file)
                            .type(ProfileFile.Type.CREDENTIALS)
                            .build())
                    .profileName(credentials.profile())
                    .build());
        }
        return builder.build();
    }

    @Override
    public void close() {
        clients.values().forEach(S3Client::close);
    }
}
