package io.slipway.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Encoding;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** The description of {@link ProjectsController}, for OpenAPI. */
@Tag(name = "Projects", description = "Send only what changed.")
interface ProjectsApi {

    @Operation(
            operationId = "lookForProject",
            summary = "See whether you have stored a project",
            description =
                    "The id is the SHA-256 of the project's manifest (docs/manifest.md). One that is there can be named as `project` in"
                            + " `POST /jobs`, and nothing of it need be sent. Others' projects are answered as if there were none.")
    @ApiResponse(responseCode = "200", description = "It is there.")
    @MayFail({ProblemType.PROJECT_NOT_FOUND, ProblemType.STORAGE_UNAVAILABLE})
    ResponseEntity<Void> look(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(
                            description = "Of the project, in hex, with or without `sha256:`. Such as"
                                    + " `af9b9c2d9d007927d14b6be0c5aa7f1270dbefdea39cb37d434dfabe3585905c`.")
                    String id);

    @Operation(
            operationId = "changeProject",
            summary = "Store a changed project",
            description = """
                    Makes a project out of one that you have stored and what it lacks. `manifest` is that of the whole new project in its canonical \
                    form (docs/manifest.md), `changes` a zip of files whose contents the base does not have; their names do not matter. The result \
                    passes the checks of an upload, and its id is worked out anew: where it is not the manifest's, nothing is stored.""",
            requestBody =
                    @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "multipart/form-data",
                                            schema = @Schema(implementation = ChangesSchema.class),
                                            encoding = @Encoding(name = "manifest", contentType = "text/plain"))))
    @ApiResponse(
            responseCode = "200",
            description = "It is stored.",
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = StoredProjectView.class)))
    @MayFail({
        ProblemType.MISSING_PART,
        ProblemType.TOO_MANY_PARTS,
        ProblemType.UPLOAD_TOO_LARGE,
        ProblemType.PART_HEADER_TOO_LARGE,
        ProblemType.PROJECT_NOT_FOUND,
        ProblemType.UNKNOWN_PROJECT,
        ProblemType.WRONG_MANIFEST,
        ProblemType.NOT_AN_ARCHIVE,
        ProblemType.DAMAGED_ARCHIVE,
        ProblemType.ENCRYPTED_ARCHIVE,
        ProblemType.UNSAFE_PATH,
        ProblemType.DUPLICATE_PATH,
        ProblemType.UNREADABLE_NAME,
        ProblemType.ARCHIVE_TOO_LARGE,
        ProblemType.NO_ENTRY_POINT,
        ProblemType.TOO_MANY_SUBMISSIONS,
        ProblemType.TOO_MANY_UPLOADS,
        ProblemType.INSPECTIONS_BUSY,
        ProblemType.DISK_FULL,
        ProblemType.STORAGE_UNAVAILABLE
    })
    StoredProjectView change(
            @Parameter(hidden = true) HttpServletRequest request,
            @Parameter(
                            description = "The id of the stored project. Such as"
                                    + " `af9b9c2d9d007927d14b6be0c5aa7f1270dbefdea39cb37d434dfabe3585905c`.")
                    String base)
            throws IOException;

    /** The form. */
    record ChangesSchema(
            @Schema(type = "string", format = "binary", requiredMode = Schema.RequiredMode.REQUIRED)
            String manifest,

            @Schema(type = "string", format = "binary") @Nullable
            String changes) {}
}
