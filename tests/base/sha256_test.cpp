#include "base/sha256.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace lutetia {
namespace {

TEST(Sha256, MeetsThePublishedTestVectors) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, TheDigestDoesNotDependOnHowTheMessageIsCut) {
  Random random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string message(size, '\0');
    random.bytes(message.data(), size);
    Sha256 sha;
    for (std::size_t at = 0; at < size;) {
      const std::size_t n = 1 + random.below(70);
      sha.update(std::string_view(message).substr(at, n));
      at += n;
    }
    EXPECT_EQ(sha.hex(), sha256_hex(message)) << size;
    EXPECT_EQ(sha.hex(), sha256_hex(message)) << "asking twice changes nothing";
  }
}

}  // namespace
}  // namespace lutetia
