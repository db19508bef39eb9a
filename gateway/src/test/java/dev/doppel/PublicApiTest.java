package dev.doppel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Guards the public types of package {@code dev.doppel} against changes that are not meant: each of
 * their public members is a line of {@code public-api.txt}. A change that is meant changes the
 * file, too, with {@code -Ddoppel.update-api=true}, and belongs in the change log.
 */
class PublicApiTest {

  private static final Path FILE = Path.of("src", "test", "resources", "public-api.txt");

  @Test
  void publicMembers_areThoseOfTheFile() throws IOException {
    var actual = new ArrayList<String>();
    for (var type : publicTypes()) {
      describe(type, actual);
    }
    if (Boolean.getBoolean("doppel.update-api")) {
      Files.write(FILE, actual);
    }
    assertThat(actual).isEqualTo(Files.readAllLines(FILE)).hasSizeGreaterThan(100);
  }

  private static List<Class<?>> publicTypes() throws IOException {
    var folder = Path.of("target", "classes", "dev", "doppel");
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
          .sorted()
          .<Class<?>>map(name -> load("dev.doppel." + name.replace(".class", "")))
          .filter(PublicApiTest::isPublic)
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, PublicApiTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  private static void describe(Class<?> type, List<String> lines) {
    lines.add(type.toGenericString());
    var members = new TreeSet<String>();
    Stream.of(type.getDeclaredFields())
        .filter(PublicApiTest::isListed)
        .forEach(field -> members.add("  " + name(field.getGenericType()) + " " + field.getName()));
    Stream.<Executable>concat(
            Stream.of(type.getDeclaredConstructors()), Stream.of(type.getDeclaredMethods()))
        .filter(PublicApiTest::isListed)
        .forEach(member -> members.add("  " + member.toGenericString()));
    lines.addAll(members);
  }

  private static boolean isListed(Member member) {
    return Modifier.isPublic(member.getModifiers()) && !member.isSynthetic();
  }

  private static String name(Type type) {
    return Arrays.stream(type.getTypeName().split(" ", -1)).collect(Collectors.joining(" "));
  }
}
