package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.environments.Environment;
import io.slipway.environments.EnvironmentShelf;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Python environments over HTTP: look at some, have one built anew. */
@RestController
@RequestMapping("/environments")
class EnvironmentsController implements EnvironmentsApi {

    private static final int MOST_A_PAGE = 500;

    private final EnvironmentShelf shelf;
    private final Links.FromRequest here;

    EnvironmentsController(EnvironmentShelf shelf, Links.FromRequest here) {
        this.shelf = shelf;
        this.here = here;
    }

    @Override
    @GetMapping
    public Page<EnvironmentView> list(
            HttpServletRequest request,
            @RequestParam(required = false) @Nullable String owner,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "50") int limit) {
        Paging.requireLimit(limit, MOST_A_PAGE);
        String cursor = Paging.cursor(before, "an environment");
        Caller caller = Caller.of(request);
        List<Environment> found = shelf.list(caller.listed(owner), cursor, limit + 1);
        List<Environment> page = found.subList(0, Math.min(limit, found.size()));
        Links links = here.links();
        return new Page<>(
                page.stream()
                        .map(each -> EnvironmentView.of(each, caller, links))
                        .toList(),
                found.size() > limit
                        ? links.nextPage(request, page.get(page.size() - 1).id())
                        : null);
    }

    @Override
    @GetMapping("/{id}")
    public EnvironmentView get(HttpServletRequest request, @PathVariable String id) {
        Caller caller = Caller.of(request);
        return EnvironmentView.of(shelf.get(id, caller.listed(null)), caller, here.links());
    }

    @Override
    @GetMapping("/{id}/log")
    public ResponseEntity<byte[]> log(
            HttpServletRequest request, @PathVariable String id, @RequestParam(defaultValue = "0") long offset)
            throws IOException {
        if (offset < 0) {
            throw new ApiProblem(ProblemType.INVALID_PARAMETER, "offset must be 0 or more; it is " + offset + ".");
        }
        Environment environment = shelf.get(id, Caller.of(request).listed(null));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/plain;charset=UTF-8"))
                .header("Slipway-Log-Offset", Long.toString(offset))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .body(shelf.log(environment, offset));
    }

    @Override
    @PostMapping("/{id}/rebuild")
    public ResponseEntity<EnvironmentView> rebuild(HttpServletRequest request, @PathVariable String id) {
        Caller caller = Caller.of(request);
        Environment wanted = shelf.rebuild(id, caller.listed(null));
        Links links = here.links();
        return ResponseEntity.accepted()
                .location(links.environment(wanted.id(), ""))
                .body(EnvironmentView.of(wanted, caller, links));
    }
}
