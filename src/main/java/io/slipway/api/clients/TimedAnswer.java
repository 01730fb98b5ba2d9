package io.slipway.api.clients;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** An answer whose reader has to keep up. Answers of text go through Tomcat's writer: they are pages, and short. */
public final class TimedAnswer extends HttpServletResponseWrapper {

    private final BooleanSupplier leavesBody;
    private @Nullable ServletOutputStream timed;
    private boolean hasWriter;

    /** @param leavesBody whether the request has a body of unknown length, whose rest nobody will read */
    public TimedAnswer(HttpServletResponse response, BooleanSupplier leavesBody) {
        super(response);
        this.leavesBody = leavesBody;
    }

    @Override
    public void setStatus(int status) {
        super.setStatus(status);
        announceEnd();
    }

    /** The connection ends with an answer before which the body was not read. Where its length is known, Tomcat says so by itself. */
    public void announceEnd() {
        if (!isCommitted() && leavesBody.getAsBoolean()) {
            setHeader("Connection", "close");
        }
    }

    /** Whether it is a refusal that says nothing, not even why. */
    public boolean isSilentRefusal() {
        return getStatus() >= 400 && timed == null && !hasWriter && !isCommitted();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        hasWriter = true;
        announceEnd();
        return super.getWriter();
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (timed == null) {
            announceEnd();
            timed = new Timed(super.getOutputStream());
        }
        return timed;
    }

    private static final class Timed extends ServletOutputStream {

        private final ServletOutputStream out;
        private boolean isAsynchronous;

        Timed(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            timed(length, () -> out.write(bytes, offset, length));
        }

        @Override
        public void flush() throws IOException {
            timed(0, out::flush);
        }

        @Override
        public void close() throws IOException {
            timed(0, out::close);
        }

        private void timed(int length, Turn.Write write) throws IOException {
            Turn turn = isAsynchronous ? null : Turn.current();
            if (turn == null) {
                write.run();
            } else {
                turn.write(length, write);
            }
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            isAsynchronous = true;
            out.setWriteListener(listener);
        }
    }
}
