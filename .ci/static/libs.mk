# usage: make -f .ci/static/libs.mk SRC=DIR OUT=DIR CC=… AR=… FLAGS=… MAP=… OPENSSL_TARGET=… [PREBUILT=LIB...]
# Compiles the libraries that .ci/static-libs has unpacked under SRC into OUT/*.a: of each only the
# files and features that pachup uses. Of those in PREBUILT it takes Debian's own archives, with all
# features. No configure script runs but OpenSSL's, for all that is asked of the system is that it be
# Linux with glibc on a 64-bit processor; the answers are the headers here.

HERE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
LIBS := curl nghttp2 c-ares libgit2 http-parser zlib libsodium libyaml cjson protobuf-c

# LIB_C: paths under SRC, without .c; a pattern takes all that there are but the names in LIB_UNUSED.
# Nothing is compiled that the linker would leave out: `make static` says "undefined reference" where
# pachup begins to need more.
curl_C := $(addprefix curl/lib/,asyn-ares base64 cf-http cf-socket cfilters conncache connect content_encoding \
    curl_addrinfo curl_log curl_memrchr dynbuf easy escape getenv getinfo h2h3 hash headers hostasyn hostip \
    hostip6 http http2 http_chunks http_proxy idn if2ip llist mprintf multi nonblock noproxy parsedate progress \
    rand select sendf setopt share slist socks speedcheck splay strcase strdup strerror strtoofft timediff \
    timeval transfer url urlapi version warnless vauth/vauth vtls/hostcheck vtls/openssl vtls/vtls vquic/vquic)
curl_FLAGS := -DHAVE_CONFIG_H -DBUILDING_LIBCURL -DCURL_STATICLIB -Icurl/include -Icurl/lib -Inghttp2/lib/includes \
    -Ic-ares/include -Iopenssl/include -DNGHTTP2_STATICLIB -DCARES_STATICLIB

nghttp2_C := nghttp2/lib/*
nghttp2_UNUSED := nghttp2_debug nghttp2_npn nghttp2_queue
nghttp2_FLAGS := -DNGHTTP2_STATICLIB -DBUILDING_NGHTTP2 -DHAVE_ARPA_INET_H -DHAVE_NETINET_IN_H \
    -DHAVE_TIME_H -DHAVE_CLOCK_GETTIME -Inghttp2/lib/includes

c-ares_C := $(addprefix c-ares/src/lib/,ares__* ares_cancel ares_create_query ares_data ares_destroy \
    ares_expand_name ares_free_string ares_freeaddrinfo ares_getaddrinfo ares_getnameinfo ares_getsock ares_init \
    ares_library_init ares_llist ares_nowarn ares_options ares_process ares_query ares_search ares_send \
    ares_strdup ares_strsplit ares_timeout ares_version inet_net_pton inet_ntop)
c-ares_FLAGS := -DHAVE_CONFIG_H -DCARES_BUILDING_LIBRARY -Ic-ares/include -Ic-ares/src/lib -D_GNU_SOURCE

libgit2_C := $(addprefix libgit2/src/,libgit2/* libgit2/streams/* libgit2/transports/* libgit2/xdiff/* util/* \
    util/allocators/* util/unix/* util/hash/builtin util/hash/collisiondetect util/hash/rfc6234/* util/hash/sha1dc/*)
libgit2_UNUSED := apply auth_negotiate auth_ntlm blame blame_git cherrypick config_mem credential_helpers \
    describe diff_parse message notes odb_mempack openssl_dynamic openssl_legacy patch_parse reader rebase reset \
    revert stash status stransport trailer win32_leakcheck winhttp
libgit2_FLAGS := -D_FILE_OFFSET_BITS=64 -D_GNU_SOURCE -DSHA1DC_NO_STANDARD_INCLUDES=1 \
    '-DSHA1DC_CUSTOM_INCLUDE_SHA1_C="git2_util.h"' '-DSHA1DC_CUSTOM_INCLUDE_UBC_CHECK_C="git2_util.h"' \
    -Ilibgit2/src/libgit2 -Ilibgit2/src/util -Ilibgit2/include -Ihttp-parser -Izlib

http-parser_C := http-parser/http_parser

zlib_C := $(addprefix zlib/,adler32 crc32 deflate inffast inflate inftrees trees zutil)
zlib_FLAGS := -DHAVE_UNISTD_H -DHAVE_HIDDEN

# portable code only: what pachup encrypts and hashes is small
libsodium_C := $(addprefix libsodium/src/libsodium/,crypto_box/crypto_box* \
    crypto_box/curve25519xsalsa20poly1305/* crypto_core/ed25519/ref10/* crypto_core/hsalsa20/ref2/* \
    crypto_core/salsa/ref/* crypto_generichash/crypto_generichash crypto_generichash/blake2b/ref/*-ref \
    crypto_generichash/blake2b/ref/generichash_blake2b crypto_hash/sha256/cp/* crypto_hash/sha512/cp/* \
    crypto_onetimeauth/poly1305/onetimeauth_poly1305 crypto_onetimeauth/poly1305/donna/* \
    crypto_pwhash/crypto_pwhash crypto_pwhash/argon2/*argon2* crypto_pwhash/argon2/blake2b-long \
    crypto_scalarmult/crypto_scalarmult crypto_scalarmult/curve25519/scalarmult_curve25519 \
    crypto_scalarmult/curve25519/ref10/* crypto_secretbox/crypto_secretbox_easy \
    crypto_secretbox/xsalsa20poly1305/* crypto_stream/chacha20/stream_chacha20 crypto_stream/chacha20/ref/* \
    crypto_stream/salsa20/stream_salsa20 crypto_stream/salsa20/ref/* crypto_stream/xsalsa20/* \
    crypto_verify/sodium/* randombytes/randombytes randombytes/sysrandom/* sodium/codecs sodium/core \
    sodium/runtime sodium/utils)
libsodium_UNUSED := argon2-fill-block-avx2 argon2-fill-block-avx512f argon2-fill-block-ssse3
libsodium_FLAGS := -DCONFIGURED=1 -DSODIUM_STATIC -DNATIVE_LITTLE_ENDIAN=1 -D_GNU_SOURCE -DHAVE_TI_MODE=1 \
    -DHAVE_WEAK_SYMBOLS=1 -DHAVE_ATOMIC_OPS=1 -DHAVE_C_VARARRAYS=1 -DHAVE_INLINE_ASM=1 -DHAVE_SYS_MMAN_H=1 \
    -DHAVE_SYS_RANDOM_H=1 -DHAVE_GETRANDOM=1 -DHAVE_LINUX_COMPATIBLE_GETRANDOM=1 -DHAVE_MMAP=1 -DHAVE_MLOCK=1 \
    -DHAVE_MADVISE=1 -DHAVE_MPROTECT=1 -DHAVE_EXPLICIT_BZERO=1 -DHAVE_NANOSLEEP=1 -DHAVE_POSIX_MEMALIGN=1 \
    -DHAVE_GETPID=1 -DHAVE_PTHREAD=1 -DHAVE_ALLOCA=1 -DHAVE_ALLOCA_H=1 \
    -Ilibsodium/src/libsodium/include -Ilibsodium/src/libsodium/include/sodium

libyaml_C := $(addprefix libyaml/src/,api parser reader scanner)
libyaml_FLAGS := -DYAML_DECLARE_STATIC -DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5 \
    '-DYAML_VERSION_STRING="0.2.5"' -Ilibyaml/include

cjson_C := cjson/cJSON

protobuf-c_C := protobuf-c/protobuf-c/protobuf-c
protobuf-c_FLAGS := -Iprotobuf-c

# OpenSSL for a client of TLS 1.2 and 1.3: no engines, no providers or configuration from files, none
# of the old ciphers. Its names for its reasons stay: pachup reads them.
OPENSSL_NO := shared module dso engine legacy autoload-config tests ui-console async sock comp cms cmp ct ts srp psk \
    srtp dtls ssl3 ssl3-method tls1 tls1-method tls1_1 tls1_1-method nextprotoneg ocsp rfc3779 gost idea \
    rc2 rc4 bf cast des seed camellia aria sm2 sm3 sm4 md4 mdc2 rmd160 whirlpool blake2 scrypt siv ocb dsa dh \
    ec2m weak-ssl-ciphers filenames secure-memory multiblock

# Files that OpenSSL compiles all the same and nothing here links with: a fifth of its time.
OPENSSL_UNUSED := aes_cfb aes_ecb aes_ige aes_misc aes_ofb aes_wrap aesni-mb-x86_64 asn1_item_list asn_mime \
    async_posix async_win bf_lbuf bf_nbio bf_null bio_addr bio_asn1 bio_b64 bio_cb bio_ndef bio_ok bio_pk7 \
    bio_sock bio_sock2 bio_ssl bn_depr bn_exp2 bn_gf2m bn_mpi bn_nist bn_srp bn_x931p bss_acpt bss_bio bss_conn \
    bss_dgram bss_fd bss_log bss_sock cmeth_lib crngt cts128 d1_srtp d2i_param d2i_pu decoder_err dsa_ctrl \
    dso_dl dso_dlfcn dso_vms dso_win32 e_aria e_bf e_cast e_des e_des3 e_idea e_null e_old e_rc2 e_rc4 \
    e_rc4_hmac_md5 e_rc5 e_sm4 e_xcbc_d ebcdic ec2_oct ec2_smpl ec_deprecated ec_print ecp_nist encoder_err \
    err_all_legacy ess_asn1 ess_lib f_impl32 f_string ffc_backend ffc_key_generate ffc_key_validate ffc_params \
    ffc_params_generate ffc_params_validate kdf_err lh_stats md5_one o_init ocb128 p12_crt p12_init p12_npas \
    p5_scrypt p_dec p_enc p_open p_seal pbe_scrypt pem_sign pk7_mime pk7_smime rand_cpu_x86 rand_deprecated \
    rand_tsc rand_win randfile rsa_depr rsa_meth rsa_prn rsa_x931g scrypt sha1-mb-x86_64 sha1_one \
    sha256-mb-x86_64 siv128 ssl_err_legacy ssl_rsa_legacy ssl_txt ssl_utst store_strings t1_trce t_bitst t_crl \
    t_req t_spki tasn_scn threads_lib threads_none threads_win tls_srp txt_db uid v3_addr v3_asid x509_meth \
    x509_r2x x509spki x509type x86_64-gf2m x_long
blank := $(subst ,, )

found = $(sort $(wildcard $(addprefix $(SRC)/,$(addsuffix .c,$($(1)_C)))))
unused = $(addprefix %/,$(addsuffix .c,$($(1)_UNUSED)))
expand = $(patsubst $(SRC)/%.c,$(OUT)/o/%.o,$(filter-out $(call unused,$(1)),$(call found,$(1))))
curl_MORE := $(OUT)/o/no_keylog.o

# the names of Debian's archives
c-ares_A     := libcares
libsodium_A  := libsodium
libyaml_A    := libyaml
nghttp2_A    := libnghttp2
protobuf-c_A := libprotobuf-c
zlib_A       := libz
archive = $(shell $(CC) -print-file-name=$(1).a)

all: $(LIBS:%=$(OUT)/%.a) $(OUT)/libcrypto.a $(OUT)/libssl.a

define prebuilt
$(OUT)/$(1).a:
	cp $(call archive,$($(1)_A)) $$@
endef
$(foreach one,$(filter $(PREBUILT),$(LIBS)),$(eval $(call prebuilt,$(one))))

define library
$(OUT)/$(1).a: $(call expand,$(1)) $($(1)_MORE)
	rm -f $$@ && $(AR) rcsD $$@ $$^
$(call expand,$(1)) $($(1)_MORE): OWN = $($(1)_FLAGS)
endef
$(foreach one,$(filter-out $(PREBUILT),$(LIBS)),$(eval $(call library,$(one))))

# -I of a library means its folder under SRC
$(OUT)/o/%.o: $(SRC)/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(MAP) -w -I$(HERE) $(patsubst -I%,-I$(SRC)/%,$(OWN)) -c -o $@ $<
$(OUT)/o/no_keylog.o: $(HERE)/no_keylog.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -I$(HERE) $(patsubst -I%,-I$(SRC)/%,$(OWN)) -c -o $@ $<

$(call expand,curl) $(curl_MORE): | $(OUT)/openssl.ready

ifneq ($(filter openssl,$(PREBUILT)),)
$(OUT)/openssl.ready:
	touch $@
$(OUT)/libcrypto.a $(OUT)/libssl.a: $(OUT)/%.a:
	cp $(call archive,$*) $@
else
$(OUT)/libcrypto.a $(OUT)/libssl.a: $(OUT)/openssl.built
$(OUT)/openssl.ready:
	cd $(SRC)/openssl && CC='$(CC)' AR='$(AR)' RANLIB=true perl Configure $(OPENSSL_TARGET) \
	    $(OPENSSL_NO:%=no-%) --openssldir=/etc/ssl --prefix=/usr $(FLAGS)
	sed -i -E 's# [^ ]*/lib(crypto|ssl|default)-lib-($(subst $(blank),|,$(strip $(OPENSSL_UNUSED))))\.o##g' $(SRC)/openssl/Makefile
	+$(MAKE) -C $(SRC)/openssl build_generated
	touch $@
$(OUT)/openssl.built: $(OUT)/openssl.ready
	+$(MAKE) -C $(SRC)/openssl libcrypto.a libssl.a
	cp $(SRC)/openssl/libcrypto.a $(SRC)/openssl/libssl.a $(OUT)/
	touch $@
endif

.PHONY: all
