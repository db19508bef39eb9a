package dev.doppel;

import dev.doppel.dialect.ScopedTokens;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusVendor;
import dev.doppel.users.IdForm;
import dev.doppel.vcloud.VcloudVendor;
import dev.doppel.workspace.WorkspaceVendor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The vendors whose dialects can be served: those of Doppel itself, and others that {@link
 * ServiceLoader} finds.
 */
public final class Vendors {

  private static final List<Vendor<?>> BUILT_IN =
      List.of(
          MilvusVendor.INSTANCE,
          InfluxVendor.INSTANCE,
          VcloudVendor.INSTANCE,
          WorkspaceVendor.INSTANCE);

  /** Loaded once, when first used. */
  private static final class OnClassPath {
    private static final List<Vendor<?>> ALL = load();
  }

  private Vendors() {}

  /** Returns the vendors that come with Doppel, in the order in which they are listed. */
  public static List<Vendor<?>> builtIn() {
    return BUILT_IN;
  }

  /**
   * Returns the built-in vendors and those that {@link ServiceLoader} finds with the context class
   * loader of the thread that calls this first, in this order.
   *
   * @throws java.util.ServiceConfigurationError if one of them can't be loaded
   */
  public static List<Vendor<?>> all() {
    return OnClassPath.ALL;
  }

  private static List<Vendor<?>> load() {
    var loader =
        Optional.ofNullable(Thread.currentThread().getContextClassLoader())
            .orElseGet(Vendors.class::getClassLoader);
    var all = new ArrayList<>(BUILT_IN);
    ServiceLoader.load(Vendor.class, loader).forEach(all::add);
    var names = new HashSet<String>();
    for (var vendor : all) {
      if (!names.add(vendor.name())) {
        throw new ServiceConfigurationError("two vendors are named '" + vendor.name() + "'");
      }
    }
    return List.copyOf(all);
  }

  /** Returns the names of vendors, separated by commas. */
  public static String names(List<Vendor<?>> vendors) {
    return vendors.stream().map(Vendor::name).collect(Collectors.joining(", "));
  }

  /** Returns the vendor with a name; empty if none of these has it. */
  public static Optional<Vendor<?>> find(List<Vendor<?>> vendors, String name) {
    return vendors.stream()
        .filter(vendor -> vendor.name().equals(name))
        .<Vendor<?>>map(vendor -> vendor)
        .findFirst();
  }

  /** Returns the forms of the vendors' own user IDs, which users can have as aliases. */
  public static List<IdForm> idForms() {
    return all().stream().flatMap(vendor -> vendor.idForm().stream()).toList();
  }

  /** Returns the parser of scoped tokens of the first vendor that has one. */
  static ScopedTokens<?> scopedTokens() {
    return all().stream()
        .flatMap(vendor -> vendor.scopedTokens().stream())
        .<ScopedTokens<?>>map(tokens -> tokens)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Returns a line for each path of one vendor that lies within a path of another, such as {@code
   * /api/v2 (influx) within /api (vcloud)}. On a shared port the longer path wins.
   */
  public static List<String> nestedPrefixes(List<? extends ServedVendor<?>> served) {
    var lines = new ArrayList<String>();
    for (var inner : served) {
      for (var outer : served) {
        for (var path : inner.vendor().prefixes()) {
          for (var around : outer.vendor().prefixes()) {
            if (!inner.name().equals(outer.name()) && path.startsWith(around + "/")) {
              lines.add(
                  "%s (%s) within %s (%s)".formatted(path, inner.name(), around, outer.name()));
            }
          }
        }
      }
    }
    return lines;
  }
}
