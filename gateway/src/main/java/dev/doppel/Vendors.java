package dev.doppel;

import dev.doppel.dialect.ScopedTokens;
import dev.doppel.dialect.Vendor;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.milvus.MilvusVendor;
import dev.doppel.users.IdForm;
import dev.doppel.vcloud.VcloudVendor;
import dev.doppel.workspace.WorkspaceVendor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** Loads the vendors once, at first use. */
  private static final class OnClassPath {
    private static final List<Vendor<?>> ALL = load();
  }

  private Vendors() {}

  /**
   * Returns Doppel's own vendors and those that {@link ServiceLoader} finds with this class's class
   * loader, in this order.
   *
   * @throws ExceptionInInitializerError if one of them can't be loaded
   */
  public static List<Vendor<?>> all() {
    return OnClassPath.ALL;
  }

  private static List<Vendor<?>> load() {
    var all = new ArrayList<>(BUILT_IN);
    ServiceLoader.load(Vendor.class, Vendors.class.getClassLoader()).forEach(all::add);
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
}
