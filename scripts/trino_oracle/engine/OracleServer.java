import io.trino.plugin.memory.MemoryPlugin;
import io.trino.server.testing.TestingTrinoServer;

import java.util.Map;

/** A Trino of one node with the memory connector, on the port given; runs until its process is ended. */
public final class OracleServer
{
    private OracleServer() {}

    public static void main(String[] arguments)
            throws Exception
    {
        TestingTrinoServer server = TestingTrinoServer.builder()
                .setProperties(Map.of("http-server.http.port", arguments[0]))
                .build();
        server.installPlugin(new MemoryPlugin());
        server.createCatalog("memory", "memory", Map.of());
        Thread.currentThread().join();
    }
}
