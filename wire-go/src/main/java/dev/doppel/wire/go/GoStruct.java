package dev.doppel.wire.go;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as Go's decoder sees it. Computed once for each type, since reflection copies its
 * results.
 *
 * @param name Go's name of the type
 */
record GoStruct<T>(String name, List<Field> fields, Constructor<T> constructor) {

  /**
   * A component of the record.
   *
   * @param goType Go's name of its type
   */
  record Field(String name, Type type, String goType) {}

  private static final ClassValue<GoStruct<?>> ALL =
      new ClassValue<>() {
        @Override
        protected GoStruct<?> computeValue(Class<?> type) {
          return inspect(type);
        }
      };

  @SuppressWarnings("unchecked") // each class has its own
  static <T> GoStruct<T> of(Class<T> type) {
    return (GoStruct<T>) ALL.get(type);
  }

  private static <T> GoStruct<T> inspect(Class<T> type) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      var annotation = type.getAnnotation(GoType.class);
      return new GoStruct<>(
          annotation == null ? type.getSimpleName() : annotation.value(),
          Arrays.stream(components).map(GoStruct::field).toList(),
          constructor);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor: " + type, e);
    }
  }

  private static Field field(RecordComponent component) {
    var annotation = component.getAnnotation(GoType.class);
    return new Field(
        annotation == null || annotation.member().isEmpty()
            ? component.getName()
            : annotation.member(),
        component.getGenericType(),
        goType(component));
  }

  private static String goType(RecordComponent component) {
    var annotation = component.getAnnotation(GoType.class);
    if (annotation != null) {
      return annotation.value();
    }
    if (component.getType() == Long.class) {
      return "int64";
    }
    if (component.getType() == Boolean.class) {
      return "bool";
    }
    return component.getType() == Map.class ? "map[string]string" : "string";
  }

  /**
   * Returns the index of the field with this name, else of the last whose name differs only in
   * case, else -1.
   */
  int indexOf(String name) {
    int found = -1;
    for (int i = 0; i < fields.size(); i++) {
      var own = fields.get(i).name;
      if (own.equals(name)) {
        return i;
      }
      if (own.equalsIgnoreCase(name)) {
        found = i;
      }
    }
    return found;
  }

  T create(@Nullable Object[] members) {
    try {
      return constructor.newInstance(members);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record that refuses a body: " + name, e);
    }
  }
}
