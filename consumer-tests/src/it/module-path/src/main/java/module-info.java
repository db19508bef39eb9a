module com.example.fixtures {
  requires java.net.http;
  requires dev.doppel.junit5;

  exports com.example;
}
