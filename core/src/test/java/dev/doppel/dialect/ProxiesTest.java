package dev.doppel.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.dialect.Proxies.Headers;
import io.vertx.core.MultiMap;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {

  private static final Proxies TRUSTING =
      Proxies.NONE
          .trusting(AddressBlock.parse("10.0.0.0/8"))
          .trusting(AddressBlock.parse("2001:db8:a::/48"));

  /**
   * Told by proxies that write the first kind of the headers.
   *
   * @param headers {@code Name: value}, separated by blanks and a bar
   */
  private static Forwarded of(String peer, String headers) {
    var all = MultiMap.caseInsensitiveMultiMap();
    for (var header : headers.split(" \\| ", -1)) {
      var colon = header.indexOf(": ");
      if (colon > 0) {
        all.add(header.substring(0, colon), header.substring(colon + 2));
      }
    }
    var kind = headers.startsWith("Forwarded") ? Headers.FORWARDED : Headers.X_FORWARDED;
    return TRUSTING
        .writing(kind)
        .forwarded(
            all,
            SocketAddress.inetSocketAddress(5, peer),
            HostAndPort.authority("own.example", 8080));
  }

  /** Headers, and the address that they give; none where the peer's is the client's. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        // from others than proxies, nothing is believed
        "192.0.2.9   => X-Forwarded-For: 192.0.2.1 => ",
        "11.0.0.1    => Forwarded: for=192.0.2.1 => ",
        "2001:db8:b::1 => X-Forwarded-For: 192.0.2.1 => ",
        // one proxy
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1 => 192.0.2.1",
        "10.255.0.1  => Forwarded: for=192.0.2.1;proto=https;by=10.0.0.1 => 192.0.2.1",
        "::ffff:10.0.0.1 => X-Forwarded-For: 192.0.2.1 => 192.0.2.1",
        "2001:db8:a::1 => X-Forwarded-For: 2001:db8:c::1 => 2001:db8:c::1",
        "10.0.0.1    => X-Forwarded-For:  => ",
        // what a client sends in advance is not believed
        "10.0.0.1    => X-Forwarded-For: 203.0.113.7, 192.0.2.1 => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: 10.0.0.2, 203.0.113.7, 192.0.2.1 => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: 203.0.113.7 | X-Forwarded-For: 192.0.2.1 => 192.0.2.1",
        "10.0.0.1    => Forwarded: for=203.0.113.7, for=192.0.2.1 => 192.0.2.1",
        "10.0.0.1    => Forwarded: for=203.0.113.7 | Forwarded: for=192.0.2.1 => 192.0.2.1",
        // chains
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1, 10.0.0.3, 10.0.0.2 => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: 203.0.113.7,192.0.2.1,10.0.0.2 => 192.0.2.1",
        "10.0.0.1    => Forwarded: for=192.0.2.1, for=10.0.0.2;proto=http => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: 10.0.0.3, 10.0.0.2 => 10.0.0.3",
        // ports, brackets and quotes
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1:4711 => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: [2001:db8:c::1]:4711 => 2001:db8:c::1",
        "10.0.0.1    => X-Forwarded-For: [2001:db8:c::1] => 2001:db8:c::1",
        "10.0.0.1    => Forwarded: For=\"[2001:db8:c::1]:4711\" => 2001:db8:c::1",
        "10.0.0.1    => Forwarded: for=\"192.0.2.1:_port\" => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: ::ffff:192.0.2.1 => 192.0.2.1",
        // what can't be read, and what hides the client, ends the chain
        "10.0.0.1    => X-Forwarded-For: unknown => ",
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1, unknown => ",
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1, unknown, 10.0.0.2 => 10.0.0.2",
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1, => ",
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1, 1 => ",
        "10.0.0.1    => X-Forwarded-For: 192.0.2.256 => ",
        "10.0.0.1    => X-Forwarded-For: [192.0.2.1 => ",
        "10.0.0.1    => X-Forwarded-For: localhost => ",
        "10.0.0.1    => Forwarded: for=_hidden => ",
        "10.0.0.1    => Forwarded: for=unknown;proto=https => ",
        "10.0.0.1    => Forwarded: nonsense => ",
        "10.0.0.1    => Forwarded: for=192.0.2.1;for=192.0.2.2 => ",
        "10.0.0.1    => Forwarded: for=192.0.2.1;by=\" => ",
        // nor does it hide what a proxy adds
        "10.0.0.1    => Forwarded: for=203.0.113.7, by=\", for=192.0.2.2 => 192.0.2.2",
        "10.0.0.1    => Forwarded: for=\"\\\\, for=192.0.2.2 => 192.0.2.2",
        "10.0.0.1    => Forwarded: \", for=\"192.0.2.2:1,;\\\",\", for=10.0.0.2 => 10.0.0.2",
        "10.0.0.1    => Forwarded: \", for=192.0.2.2;by=\"a\\\",b\" => 192.0.2.2",
        "10.0.0.1    => Forwarded: for=192.0.2.2; => 192.0.2.2",
        "10.0.0.1    => Forwarded: ;for=192.0.2.2; ;proto=http => 192.0.2.2",
        "10.0.0.1    => Forwarded: for=\"192.0.2.1 => ",
        // both kinds
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1 | Forwarded: for=192.0.2.1 => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-For: 192.0.2.1 | Forwarded: for=203.0.113.7 => 192.0.2.1",
        "10.0.0.1    => Forwarded: for=192.0.2.1 | X-Forwarded-For: 203.0.113.7 => 192.0.2.1",
        "10.0.0.1    => X-Forwarded-Proto: http | Forwarded: for=203.0.113.7 => ",
        "10.0.0.1    => Forwarded: proto=http | X-Forwarded-For: 203.0.113.7 => ",
      })
  void address_isTheLastOneThatIsNoTrustedProxys(String peer, String headers, String address) {
    assertThat(of(peer, headers == null ? "" : headers).address())
        .isEqualTo(Optional.ofNullable(address));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      value = {
        "X-Forwarded-Proto: https => https => -",
        "X-Forwarded-Proto: HTTPS | X-Forwarded-Host: a.example => https => a.example",
        "X-Forwarded-Proto: https | X-Forwarded-Host: a.example:8443 => https => a.example:8443",
        "X-Forwarded-Proto: https | X-Forwarded-Host: a.example | X-Forwarded-Port: 8443 => https => a.example:8443",
        "X-Forwarded-Proto: https | X-Forwarded-Host: a.example:1 | X-Forwarded-Port: 2 => https => a.example:1",
        "X-Forwarded-Proto: https | X-Forwarded-Host: a.example | X-Forwarded-Port: 443 => https => a.example",
        "X-Forwarded-Proto: http | X-Forwarded-Host: a.example:80 => http => a.example",
        "X-Forwarded-Host: [2001:db8:c::1]:8443 => - => [2001:db8:c::1]:8443",
        "X-Forwarded-Proto: https | X-Forwarded-Port: 443 => https => own.example:8080",
        "Forwarded: for=192.0.2.1;proto=https;host=a.example => https => a.example",
        "Forwarded: host=\"a.example:8443\" => - => a.example:8443",
        // of the proxy that the client reached, not of one behind it, and not of the client itself
        "X-Forwarded-For: 192.0.2.1, 10.0.0.2 | X-Forwarded-Proto: https, http => https => -",
        "X-Forwarded-For: 6.6.6.6, 192.0.2.1 | X-Forwarded-Proto: http, https => https => -",
        "X-Forwarded-For: 192.0.2.1, 10.0.0.2 | X-Forwarded-Proto: https => https => -",
        "Forwarded: for=1.1.1.1;host=evil, for=192.0.2.1;host=a.example, for=10.0.0.2;host=in => - => a.example",
        "Forwarded: for=1.1.1.1;host=evil, for=unknown;host=a.example => - => a.example",
        // what can't be read
        "X-Forwarded-Proto: gopher | X-Forwarded-Host: a/b => - => -",
        "X-Forwarded-Host: a.example@evil => - => -",
        "X-Forwarded-Host: a.example | X-Forwarded-Port: 65536 => - => a.example",
        "X-Forwarded-Proto: https | Forwarded: proto=http;host=evil => https => -",
        "Forwarded: proto=https | X-Forwarded-Proto: http | X-Forwarded-Host: evil => https => -",
      })
  void schemeAndHost_areThoseOfTheFirstTrustedProxy(String headers, String scheme, String host) {
    var told = of("10.0.0.1", headers);
    assertThat(told.scheme().orElse("-")).isEqualTo(scheme);
    assertThat(told.authority().orElse("-")).isEqualTo(host);
    assertThat(of("192.0.2.9", headers)).isEqualTo(Forwarded.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded: for=\"%s\"",
        "Forwarded: for=\"%s",
        "Forwarded: for=192.0.2.1;by=\"%s\";for=192.0.2.1",
        "Forwarded: %s=192.0.2.1",
        "Forwarded: for=%s",
        "Forwarded: %s",
        "X-Forwarded-For: %s",
        "X-Forwarded-For: [%s]",
        "X-Forwarded-For: [%s]:1",
        "X-Forwarded-For: 192.0.2.1:%s;",
      })
  void longNonsense_isIgnored(String form) {
    for (var sign : List.of("a", "1", ".", ":", "\\", "\\\"", "\"", " ", "[", "%", "=", ";")) {
      for (var length : List.of(4_000, 30_000)) {
        var header = form.replace("%s", sign.repeat(length / sign.length()));
        assertThat(of("10.0.0.1", header).address()).as(header.substring(0, 40)).isEmpty();
      }
    }
  }

  @Test
  void quotedPairs_areReadAsTheSignsThatTheyAre() {
    assertThat(of("10.0.0.1", "Forwarded: for=\"19\\2.0.2.1\";by=\"a\\\",;\"").address())
        .contains("192.0.2.1");
    assertThat(of("10.0.0.1", "Forwarded: for=\"192.0.2.1\\\"").address()).isEmpty();
    assertThat(of("10.0.0.1", "Forwarded: for=\"192.0.2.1\"x").address()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Forwarded, for=", "X-Forwarded-For, ''"})
  void end_isReadWhateverPrecedesIt(String name, String prefix) {
    var last = prefix + "192.0.2.1";
    for (var sent : List.of("6.6.6.6,", ",", "\",", "x".repeat(30_000) + ",")) {
      for (var times : List.of(1, Proxies.MAX_ELEMENTS, 5_000 / sent.length() + 1)) {
        var before = (prefix + sent).repeat(times);
        assertThat(of("10.0.0.1", name + ": " + before + last).address()).contains("192.0.2.1");
        assertThat(of("10.0.0.1", name + ": " + before + " | " + name + ": " + last).address())
            .contains("192.0.2.1");
      }
    }
    var chain = (prefix + "10.0.0.2,").repeat(Proxies.MAX_ELEMENTS - 1) + prefix + "10.0.0.2";
    assertThat(of("10.0.0.1", name + ": " + last + "," + chain).address()).contains("10.0.0.2");
  }

  @Test
  void ownHost_getsThePortOfTheProxy() {
    var headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("X-Forwarded-Proto", "https")
            .add("X-Forwarded-Port", "8443");
    var told =
        TRUSTING.forwarded(
            headers,
            SocketAddress.inetSocketAddress(5, "10.0.0.1"),
            HostAndPort.authority("own.example"));
    assertThat(told.authority()).contains("own.example:8443");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "10.0.0.0/9, 10.127.0.1, true",
    "10.0.0.0/9, 10.128.0.1, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "192.0.2.2/31, 192.0.2.3, true",
    "0.0.0.0/0, 192.0.2.2, true",
    "0.0.0.0/0, ::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 192.0.2.1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "::ffff:10.0.0.0, 10.0.0.0, true",
    "10.1.2.3/8, 10.9.9.9, true",
  })
  void block_hasTheAddressesWithItsLeadingBits(String block, String address, boolean contains) {
    assertThat(AddressBlock.parse(block).contains(AddressBlock.bytes(address).orElseThrow()))
        .isEqualTo(contains);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "10.0.0/8"})
  void block_thatIsNone(String text) {
    assertThatThrownBy(() -> AddressBlock.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "users.example.com",
        "ftp://a.example",
        "https://",
        "https:///x",
        "https://me@a.example",
        "https://a.example?x",
        "https://a.example#x",
        "https://a.example:65536",
        "https://a b",
      })
  void publicUrl_thatIsNone(String url) {
    assertThatThrownBy(() -> Proxies.NONE.withPublicUrl(url))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void publicUrl_hasNoSlashAtTheEnd() {
    assertThat(Proxies.NONE.withPublicUrl("https://a.example:8443/users/").publicUrl())
        .contains("https://a.example:8443/users");
  }
}
