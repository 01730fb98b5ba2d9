package io.slipway.api.clients;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;

/** Around each request, once its headers are there. */
record TurnAdapter(Adapter adapter) implements Adapter {

    @Override
    public void service(Request request, Response response) throws Exception {
        Turn turn = Turn.current();
        if (turn == null) {
            adapter.service(request, response);
            return;
        }
        turn.request(request);
        adapter.service(request, response);
        if (!is(request, ActionCode.ASYNC_IS_ASYNC) && !is(request, ActionCode.REQUEST_BODY_FULLY_READ)) {
            turn.leavesBody();
            // Else the thread would read the rest of it, however slowly it comes.
            request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private static boolean is(Request request, ActionCode question) {
        AtomicBoolean answer = new AtomicBoolean();
        request.action(question, answer);
        return answer.get();
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent event) throws Exception {
        Turn turn = Turn.current();
        if (turn != null && response.getWriteListener() == null) {
            turn.request(request);
        }
        return adapter.asyncDispatch(request, response, event);
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
        return adapter.prepare(request, response);
    }

    @Override
    public void log(Request request, Response response, long time) {
        adapter.log(request, response, time);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        adapter.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
        return adapter.getDomain();
    }
}
