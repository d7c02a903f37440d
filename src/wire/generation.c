#include "wire/generation.h"

#include "admin.pb-c.h"
#include "admin_v2.pb-c.h"
#include "auth.pb-c.h"
#include "auth_v2.pb-c.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"
#include "transaction.pb-c.h"
#include "transaction_v2.pb-c.h"
#include "versionpb.pb-c.h"
#include "versionpb_v2.pb-c.h"
#include "wire/release.h"

const struct api api_1 = {
	.get_version = "/versionpb.API/GetVersion",
	.who_am_i = "/auth.API/WhoAmI",
	.inspect_cluster = "/admin.API/InspectCluster",
	.inspect_pipeline = "/pps.API/InspectPipeline",
	.list_pipeline = "/pps.API/ListPipeline",
	.create_pipeline = "/pps.API/CreatePipeline",
	.stop_pipeline = "/pps.API/StopPipeline",
	.inspect_repo = "/pfs.API/InspectRepo",
	.list_repo = "/pfs.API/ListRepo",
	.create_repo = "/pfs.API/CreateRepo",
	.inspect_secret = "/pps.API/InspectSecret",
	.batch = "/transaction.API/BatchTransaction",
	.start = "/transaction.API/StartTransaction",
	.finish = "/transaction.API/FinishTransaction",
	.delete = "/transaction.API/DeleteTransaction",
	.list_transaction = "/transaction.API/ListTransaction",
	.version = &versionpb__version__descriptor,
	.who = &auth__who_am_iresponse__descriptor,
	.info = &pps__pipeline_info__descriptor,
	.infos = &pps__pipeline_infos__descriptor,
	.cluster_info = &admin__cluster_info__descriptor,
	.create_request = &pps__create_pipeline_request__descriptor,
	.batch_request = &transaction__batch_transaction_request__descriptor,
	.batch_element = &transaction__transaction_request__descriptor,
	.transaction = &transaction__transaction__descriptor,
	.transaction_info = &transaction__transaction_info__descriptor,
	.transactions = &transaction__transaction_infos__descriptor,
	.transaction_ref = &transaction__finish_transaction_request__descriptor,
};

const struct api api_2 = {
	.get_version = "/versionpb_v2.API/GetVersion",
	.who_am_i = "/auth_v2.API/WhoAmI",
	.inspect_cluster = "/admin_v2.API/InspectCluster",
	.inspect_pipeline = "/pps_v2.API/InspectPipeline",
	.list_pipeline = "/pps_v2.API/ListPipeline",
	.create_pipeline = "/pps_v2.API/CreatePipeline",
	.stop_pipeline = "/pps_v2.API/StopPipeline",
	.inspect_repo = "/pfs_v2.API/InspectRepo",
	.inspect_branch = "/pfs_v2.API/InspectBranch",
	.list_repo = "/pfs_v2.API/ListRepo",
	.create_repo = "/pfs_v2.API/CreateRepo",
	.inspect_secret = "/pps_v2.API/InspectSecret",
	.batch = "/transaction_v2.API/BatchTransaction",
	.start = "/transaction_v2.API/StartTransaction",
	.finish = "/transaction_v2.API/FinishTransaction",
	.delete = "/transaction_v2.API/DeleteTransaction",
	.list_transaction = "/transaction_v2.API/ListTransaction",
	.version = &versionpb_v2__version__descriptor,
	.who = &auth_v2__who_am_iresponse__descriptor,
	.info = &pps_v2__pipeline_info__descriptor,
	.infos = NULL,
	.cluster_info = &admin_v2__cluster_info__descriptor,
	.create_request = &pps_v2__create_pipeline_request__descriptor,
	.batch_request = &transaction_v2__batch_transaction_request__descriptor,
	.batch_element = &transaction_v2__transaction_request__descriptor,
	.transaction = &transaction_v2__transaction__descriptor,
	.transaction_info = &transaction_v2__transaction_info__descriptor,
	.transactions = &transaction_v2__transaction_infos__descriptor,
	.transaction_ref = &transaction_v2__finish_transaction_request__descriptor,
};

/* 1.12 and 1.13 run a transaction in one etcd operation of at most 10,000 parts, and a pipeline costs
 * some dozens of them. */
enum { ETCD_PIPELINES = 100 };

static const struct generation generations[] = {
	{ .name = "1.7-1.8.0", .from = RELEASE(1, 7, 0), .api = &api_1, .atom = true },
	{ .name = "1.8.1-1.11", .from = RELEASE(1, 8, 1), .api = &api_1 },
	{ .name = "1.12-1.13",
	    .from = RELEASE(1, 12, 0),
	    .api = &api_1,
	    .batch_field = 12,
	    .batch_limit = ETCD_PIPELINES },
	{ .name = "2.0-2.4", .from = RELEASE(2, 0, 0), .api = &api_2, .batch_field = 9 },
	{ .name = "2.5-2.7",
	    .from = RELEASE(2, 5, 0),
	    .api = &api_2,
	    .batch_field = 9,
	    .projects = true },
	{ .name = "2.8-2.11",
	    .from = RELEASE(2, 8, 0),
	    .api = &api_2,
	    .batch_field = 11,
	    .projects = true,
	    .v2 = true },
};

const struct generation *
generation_of(uint32_t version)
{
	const struct generation *found = &generations[0];

	for (size_t i = 0; i < COUNT_OF(generations); i++)
		if (version >= generations[i].from)
			found = &generations[i];
	return found;
}
