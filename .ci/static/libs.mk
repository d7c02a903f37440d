# usage: make -f .ci/static/libs.mk SRC=DIR OUT=DIR CC=… AR=… FLAGS=… MAP=… OPENSSL_TARGET=…
# Compiles the libraries that .ci/static-libs has unpacked under SRC into OUT/*.a: of each only the
# files and features that pachup uses. No configure script runs but OpenSSL's, for all that is asked of
# the system is that it be Linux with glibc on a 64-bit processor; the answers are the headers here.

HERE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
LIBS := curl nghttp2 c-ares libgit2 http-parser zlib libsodium libyaml cjson protobuf-c

# paths under SRC, without .c; a pattern takes all that there are
curl_C := $(addprefix curl/lib/,asyn-ares base64 bufref cf-http cf-socket cfilters conncache connect \
    content_encoding curl_addrinfo curl_gethostname curl_log curl_memrchr curl_range curl_threads \
    dynbuf easy easygetopt easyoptions escape fileinfo formdata getenv getinfo h2h3 hash headers \
    hostasyn hostip hostip4 hostip6 http http2 http_chunks http_digest http_proxy idn if2ip inet_ntop \
    inet_pton llist md5 mime mprintf multi nonblock noproxy parsedate progress rand rename select \
    sendf setopt sha256 share slist socketpair socks speedcheck splay strcase strdup strerror strtok \
    strtoofft timediff timeval transfer url urlapi version warnless wildcard \
    vauth/cleartext vauth/vauth vtls/hostcheck vtls/openssl vtls/vtls vtls/x509asn1 vquic/vquic)
curl_FLAGS := -DHAVE_CONFIG_H -DBUILDING_LIBCURL -DCURL_STATICLIB -Icurl/include -Icurl/lib -Inghttp2/lib/includes \
    -Ic-ares/include -Iopenssl/include -DNGHTTP2_STATICLIB -DCARES_STATICLIB

nghttp2_C := nghttp2/lib/*
nghttp2_FLAGS := -DNGHTTP2_STATICLIB -DBUILDING_NGHTTP2 -DHAVE_ARPA_INET_H -DHAVE_NETINET_IN_H \
    -DHAVE_TIME_H -DHAVE_CLOCK_GETTIME -Inghttp2/lib/includes

c-ares_C := $(addprefix c-ares/src/lib/,ares__* ares_cancel ares_create_query ares_data ares_destroy \
    ares_expand_name ares_expand_string ares_fds ares_free_hostent ares_free_string ares_freeaddrinfo \
    ares_getaddrinfo ares_gethostbyname ares_getnameinfo ares_getsock ares_init ares_library_init ares_llist ares_mkquery \
    ares_nowarn ares_options ares_parse_a_reply ares_parse_aaaa_reply ares_parse_ptr_reply ares_platform \
    ares_process ares_query ares_search ares_send ares_strcasecmp ares_strdup ares_strerror ares_strsplit \
    ares_timeout ares_version bitncmp inet_net_pton inet_ntop)
c-ares_FLAGS := -DHAVE_CONFIG_H -DCARES_BUILDING_LIBRARY -Ic-ares/include -Ic-ares/src/lib -D_GNU_SOURCE

libgit2_C := $(addprefix libgit2/src/,libgit2/* libgit2/streams/* libgit2/transports/* libgit2/xdiff/* util/* \
    util/allocators/* util/unix/* util/hash/builtin util/hash/collisiondetect util/hash/rfc6234/* util/hash/sha1dc/*)
libgit2_FLAGS := -D_FILE_OFFSET_BITS=64 -D_GNU_SOURCE -DSHA1DC_NO_STANDARD_INCLUDES=1 \
    '-DSHA1DC_CUSTOM_INCLUDE_SHA1_C="git2_util.h"' '-DSHA1DC_CUSTOM_INCLUDE_UBC_CHECK_C="git2_util.h"' \
    -Ilibgit2/src/libgit2 -Ilibgit2/src/util -Ilibgit2/include -Ihttp-parser -Izlib

http-parser_C := http-parser/http_parser

zlib_C := $(addprefix zlib/,adler32 compress crc32 deflate infback inffast inflate inftrees trees uncompr zutil)
zlib_FLAGS := -DHAVE_UNISTD_H -DHAVE_HIDDEN

# portable code only: what pachup encrypts and hashes is small
libsodium_C := libsodium/src/libsodium/*/* libsodium/src/libsodium/*/*/* libsodium/src/libsodium/*/*/*/*
libsodium_FLAGS := -DCONFIGURED=1 -DSODIUM_STATIC -DNATIVE_LITTLE_ENDIAN=1 -D_GNU_SOURCE -DHAVE_TI_MODE=1 \
    -DHAVE_WEAK_SYMBOLS=1 -DHAVE_ATOMIC_OPS=1 -DHAVE_C_VARARRAYS=1 -DHAVE_INLINE_ASM=1 -DHAVE_SYS_MMAN_H=1 \
    -DHAVE_SYS_RANDOM_H=1 -DHAVE_GETRANDOM=1 -DHAVE_LINUX_COMPATIBLE_GETRANDOM=1 -DHAVE_MMAP=1 -DHAVE_MLOCK=1 \
    -DHAVE_MADVISE=1 -DHAVE_MPROTECT=1 -DHAVE_EXPLICIT_BZERO=1 -DHAVE_NANOSLEEP=1 -DHAVE_POSIX_MEMALIGN=1 \
    -DHAVE_GETPID=1 -DHAVE_PTHREAD=1 -DHAVE_ALLOCA=1 -DHAVE_ALLOCA_H=1 \
    -Ilibsodium/src/libsodium/include -Ilibsodium/src/libsodium/include/sodium

libyaml_C := $(addprefix libyaml/src/,api emitter loader parser reader scanner)
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
    ec2m weak-ssl-ciphers cached-fetch filenames secure-memory multiblock

# Files that OpenSSL compiles all the same and nothing here links with: a sixth of its time.
OPENSSL_UNUSED := aes_cfb aes_ige aes_ofb aes_wrap aesni-mb-x86_64 asn1_item_list asn_mime bf_lbuf bf_nbio bf_null \
    bio_asn1 bio_b64 bio_cb bio_ndef bio_ok bio_pk7 bn_depr bn_exp2 bn_gf2m bn_mpi bn_nist bn_srp bn_x931p bss_bio \
    bss_fd bss_log cts128 d2i_param d2i_pu e_null e_old e_rc4_hmac_md5 e_xcbc_d ec2_oct ec2_smpl ec_deprecated \
    ec_print ecp_nist err_all_legacy ess_asn1 ess_lib f_impl32 f_string ffc_backend ffc_key_generate \
    ffc_key_validate ffc_params ffc_params_generate ffc_params_validate lh_stats md5_one o_init p12_crt p12_init \
    p12_npas p_dec p_enc p_open p_seal pem_sign pk7_mime pk7_smime randfile rsa_depr rsa_meth rsa_prn rsa_x931g \
    sha1-mb-x86_64 sha1_one sha256-mb-x86_64 store_strings t_bitst t_crl t_req t_spki tasn_scn txt_db v3_addr \
    v3_asid x509_meth x509_r2x x509spki x509type x86_64-gf2m x_long
blank := $(subst ,, )

expand = $(patsubst $(SRC)/%.c,$(OUT)/o/%.o,$(sort $(wildcard $(addprefix $(SRC)/,$(addsuffix .c,$(1))))))
curl_MORE := $(OUT)/o/no_keylog.o

all: $(LIBS:%=$(OUT)/%.a) $(OUT)/openssl.built

define library
$(OUT)/$(1).a: $(call expand,$($(1)_C)) $($(1)_MORE)
	rm -f $$@ && $(AR) rcsD $$@ $$^
$(call expand,$($(1)_C)) $($(1)_MORE): OWN = $($(1)_FLAGS)
endef
$(foreach one,$(LIBS),$(eval $(call library,$(one))))

# -I of a library means its folder under SRC
$(OUT)/o/%.o: $(SRC)/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(MAP) -w -I$(HERE) $(patsubst -I%,-I$(SRC)/%,$(OWN)) -c -o $@ $<
$(OUT)/o/no_keylog.o: $(HERE)/no_keylog.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -I$(HERE) $(patsubst -I%,-I$(SRC)/%,$(OWN)) -c -o $@ $<

$(filter $(OUT)/o/curl/%,$(call expand,$(curl_C))) $(curl_MORE): | $(OUT)/openssl.ready

$(OUT)/openssl.ready:
	cd $(SRC)/openssl && CC='$(CC)' AR='$(AR)' RANLIB=true perl Configure $(OPENSSL_TARGET) \
	    $(OPENSSL_NO:%=no-%) --openssldir=/etc/ssl --prefix=/usr $(FLAGS)
	sed -i -E 's# [^ ]*/libcrypto-lib-($(subst $(blank),|,$(strip $(OPENSSL_UNUSED))))\.o##g' $(SRC)/openssl/Makefile
	+$(MAKE) -C $(SRC)/openssl build_generated
	touch $@
$(OUT)/openssl.built: $(OUT)/openssl.ready
	+$(MAKE) -C $(SRC)/openssl libcrypto.a libssl.a
	cp $(SRC)/openssl/libcrypto.a $(SRC)/openssl/libssl.a $(OUT)/
	touch $@

.PHONY: all
