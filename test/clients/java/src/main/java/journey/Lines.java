package journey;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the program says and hears: one message a line. */
final class Lines {
  private static final BufferedReader ANSWERS = new BufferedReader(new InputStreamReader(System.in));

  private Lines() {}

  /** Makes a call that must succeed and reports it. {@code grant} is null for one that asks for no token. */
  static <T> T step(String operation, String grant, Supplier<T> call) {
    var answer = call.get();
    report(operation, grant, "ok");
    return answer;
  }

  /** Makes a call that must fail with an error of that class and reports it. */
  static void refused(String operation, String grant, Class<? extends RuntimeException> expected, Supplier<?> call) {
    try {
      call.get();
    } catch (RuntimeException error) {
      if (!expected.isInstance(error)) throw error;
      report(operation, grant, expected.getSimpleName());
      return;
    }
    throw new IllegalStateException(operation + ": expected " + expected.getSimpleName());
  }

  /** Says how a call ended. */
  static void report(String operation, String grant, String outcome) {
    var message = new LinkedHashMap<String, Object>();
    message.put("operation", operation);
    message.put("grant", grant);
    message.put("outcome", outcome);
    say(message);
  }

  /** Has somebody decide in a browser and returns where the browser was sent at last. */
  static String open(String address, String decision) {
    return ask(Map.of("open", address, "decision", decision));
  }

  /** Says something and waits for the answer. */
  static String ask(Map<String, ?> message) {
    say(message);
    try {
      return ANSWERS.readLine();
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  /** Prints a message. */
  static void say(Map<String, ?> message) {
    System.out.println(json(message));
  }

  /** Addresses, tokens, names and times: nothing that JSON would have to escape but quotes. */
  private static String json(Object value) {
    if (value == null) return "null";
    if (!(value instanceof Map<?, ?> map)) return '"' + value.toString().replace("\"", "\\\"") + '"';
    return map.entrySet().stream()
        .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
