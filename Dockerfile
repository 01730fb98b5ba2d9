# The bases are named by tag and not by digest: a digest stays what it is while the tag gets the fixes of Java and of Ubuntu, and nothing
# here would tell when it is out of date. Whoever needs the very same image again gives both as name@sha256:…, from `docker buildx
# imagetools inspect NAME`: --build-arg BUILD_BASE=… --build-arg RUN_BASE=…
ARG BUILD_BASE=maven:3.9-eclipse-temurin-17
ARG RUN_BASE=eclipse-temurin:17-jre-noble

FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY pom.xml ./
COPY src src
COPY client client
RUN mvn -B -ntp -Dmaven.test.skip=true package
# What changes seldom comes first: a new version of Slipway replaces the last layer alone.
RUN java -Djarmode=tools -jar target/slipway.jar extract --layers --destination layers

FROM ${RUN_BASE}
# python3 supervises runs on this machine; tini buries what they leave behind.
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/slipway slipway
WORKDIR /opt/slipway
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY --from=build /build/src/main/jvm/java.options ./
# What Java learns of the classes in one start, so that none has to learn it again: half of the work. That start opens S3's and EMR's
# clients, too, and calls nobody. Where the file does not fit the Java, starts are only slower.
RUN JAVA_TOOL_OPTIONS="-Daws.region=eu-west-1 -Daws.accessKeyId=none -Daws.secretAccessKey=none" \
    java @java.options -XX:ArchiveClassesAtExit=classes.jsa -Xlog:cds*=error -Dspring.context.exit=onRefresh -jar slipway.jar \
        --slipway.home=/tmp/learning --server.port=0 --slipway.artifacts.s3.bucket=learning --slipway.clusters.emr.emr.cluster-id=j-LEARNING \
    && rm -r /tmp/learning
ENV LC_ALL=C.UTF-8 \
    SLIPWAY_HOME=/var/lib/slipway \
    SERVER_ADDRESS=0.0.0.0
USER 10001:10001
VOLUME /var/lib/slipway
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/actuator/health/readiness', timeout=4)"]
# JDK_JAVA_OPTIONS may add to these; -Xmx there takes the place of the percentage.
ENTRYPOINT ["/usr/bin/tini", "--", "java", "@java.options", "-XX:MaxRAMPercentage=70", "-XX:SharedArchiveFile=classes.jsa", "-Xlog:cds*=error", "-jar", "slipway.jar"]
