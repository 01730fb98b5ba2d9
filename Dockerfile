FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY src src
COPY client client
RUN mvn -B -ntp -Dmaven.test.skip=true package
# What changes seldom comes first: a new version of Slipway replaces the last layer alone.
RUN java -Djarmode=tools -jar target/slipway.jar extract --layers --destination layers

FROM eclipse-temurin:17-jre-noble
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
ENV LC_ALL=C.UTF-8 \
    SLIPWAY_HOME=/var/lib/slipway \
    SERVER_ADDRESS=0.0.0.0 \
    JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError"
USER 10001:10001
VOLUME /var/lib/slipway
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/actuator/health/readiness', timeout=4)"]
ENTRYPOINT ["/usr/bin/tini", "--", "java", "-jar", "slipway.jar"]
