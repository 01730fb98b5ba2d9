package io.slipway.project.spec;

import io.slipway.project.InvalidProject.Detail;
import io.slipway.project.Launch;
import io.slipway.project.Launch.Container;
import io.slipway.project.Launch.Mode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one source says on how to start, each field {@code null} where it says nothing. */
record LaunchLayer(
        Launch.@Nullable Layout layout,
        @Nullable Mode mode,
        @Nullable String image,
        @Nullable List<String> pythonPath,
        @Nullable String pythonEnvironment,
        @Nullable String executionRole,
        Launch.@Nullable FailOn failOn) {

    LaunchLayer over(LaunchLayer below) {
        return new LaunchLayer(
                SpecLayer.first(layout, below.layout),
                SpecLayer.first(mode, below.mode),
                SpecLayer.first(image, below.image),
                SpecLayer.first(pythonPath, below.pythonPath),
                SpecLayer.first(pythonEnvironment, below.pythonEnvironment),
                SpecLayer.first(executionRole, below.executionRole),
                SpecLayer.first(failOn, below.failOn));
    }

    /** What no cluster could make sense of. */
    Stream<Detail> contradictions() {
        if (mode == Mode.CONTAINER && image == null) {
            return Stream.of(new Detail(
                    "container.image", "is missing: mode container runs the project in a Docker image; name one"));
        }
        if (mode == Mode.CONTAINER && pythonEnvironment != null) {
            return Stream.of(new Detail(
                    "pythonEnvironment",
                    "cannot be used in mode container: the image brings the Python; leave one out"));
        }
        return Stream.empty();
    }

    /** An image alone does no harm: a project may name its own for those who ask for the mode. */
    Launch toLaunch() {
        return new Launch(
                Objects.requireNonNullElse(layout, Launch.DEFAULT.layout()),
                Objects.requireNonNullElse(mode, Launch.DEFAULT.mode()),
                mode == Mode.CONTAINER && image != null ? new Container(image) : null,
                new Launch.Python(pythonPath == null ? List.of() : pythonPath, pythonEnvironment),
                executionRole,
                Objects.requireNonNullElse(failOn, Launch.DEFAULT.failOn()));
    }
}
