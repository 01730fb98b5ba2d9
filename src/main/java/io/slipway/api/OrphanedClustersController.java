package io.slipway.api;

import io.slipway.access.Caller;
import io.slipway.control.OrderedClusterControl;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Clusters of this installation that no order owns, as the leader last saw them. */
@RestController
@RequestMapping("/orphaned-clusters")
class OrphanedClustersController implements OrphanedClustersApi {

    private final OrderedClusterControl control;

    OrphanedClustersController(OrderedClusterControl control) {
        this.control = control;
    }

    @Override
    @GetMapping
    public Page<OrphanView> list(HttpServletRequest request) {
        return new Page<>(
                control.orphans(Caller.of(request)).stream().map(OrphanView::of).toList(), null);
    }

    @Override
    @PostMapping("/{id}/terminate")
    public ResponseEntity<OrphanView> terminate(HttpServletRequest request, @PathVariable String id) {
        return ResponseEntity.accepted().body(OrphanView.of(control.terminateOrphan(Caller.of(request), id)));
    }
}
