//! AWS's defaults: what a configuration does not say is filled in, as AWS answers it.

use api::cloudfront::*;

/// Fills a configuration in.
pub(super) fn fill(config: &mut DistributionConfig) {
    config.aliases.get_or_insert(Aliases { quantity: 0, items: None });
    config.default_root_object.get_or_insert_default();
    config.origin_groups.get_or_insert(OriginGroups { quantity: 0, items: None });
    config.cache_behaviors.get_or_insert(CacheBehaviors { quantity: 0, items: None });
    config.custom_error_responses.get_or_insert(CustomErrorResponses { quantity: 0, items: None });
    let logging = config.logging.get_or_insert_default();
    logging.enabled.get_or_insert_default();
    logging.include_cookies.get_or_insert_default();
    logging.bucket.get_or_insert_default();
    logging.prefix.get_or_insert_default();
    say(&mut config.price_class, "PriceClass_All");
    say(&mut config.http_version, "http2");
    config.web_acl_id.get_or_insert_default();
    config.is_ipv6_enabled.get_or_insert(true);
    config.staging.get_or_insert_default();
    config.restrictions.get_or_insert_with(no_restrictions);
    certificate(config.viewer_certificate.get_or_insert_default());
    config.origins.items.iter_mut().for_each(origin);
    let mut behaviour = Behaviour::of_default(&mut config.default_cache_behavior);
    behaviour.fill();
    let others = config.cache_behaviors.iter_mut().flat_map(|held| held.items.iter_mut()).flatten();
    others.for_each(|held| Behaviour::of(held).fill());
}

fn say(member: &mut Option<String>, text: &str) {
    member.get_or_insert_with(|| text.to_owned());
}

fn no_restrictions() -> Restrictions {
    let none = GeoRestriction { restriction_type: "none".to_owned(), quantity: 0, items: None };
    Restrictions { geo_restriction: none }
}

fn certificate(held: &mut ViewerCertificate) {
    let own = held.acm_certificate_arn.is_some();
    held.cloud_front_default_certificate.get_or_insert(!own);
    say(&mut held.minimum_protocol_version, if own { "TLSv1.2_2021" } else { "TLSv1" });
    say(&mut held.ssl_support_method, if own { "sni-only" } else { "vip" });
    say(&mut held.certificate_source, if own { "acm" } else { "cloudfront" });
    held.certificate.clone_from(&held.acm_certificate_arn);
}

fn origin(origin: &mut Origin) {
    origin.origin_path.get_or_insert_default();
    origin.custom_headers.get_or_insert(CustomHeaders { quantity: 0, items: None });
    origin.connection_attempts.get_or_insert(3);
    origin.connection_timeout.get_or_insert(10);
    origin.origin_shield.get_or_insert(OriginShield { enabled: false, origin_shield_region: None });
    origin.origin_access_control_id.get_or_insert_default();
    if let Some(custom) = &mut origin.custom_origin_config {
        custom.origin_read_timeout.get_or_insert(30);
        custom.origin_keepalive_timeout.get_or_insert(5);
        custom.origin_ssl_protocols.get_or_insert_with(|| OriginSslProtocols {
            quantity: 3,
            items: ["TLSv1", "TLSv1.1", "TLSv1.2"].map(str::to_owned).into(),
        });
    }
}

/// What both kinds of behaviours have, which are two records.
struct Behaviour<'a> {
    signers: &'a mut Option<TrustedSigners>,
    groups: &'a mut Option<TrustedKeyGroups>,
    methods: &'a mut Option<AllowedMethods>,
    smooth: &'a mut Option<bool>,
    compress: &'a mut Option<bool>,
    lambdas: &'a mut Option<LambdaFunctionAssociations>,
    functions: &'a mut Option<FunctionAssociations>,
    encryption: &'a mut Option<String>,
}

/// The parts of a record of either kind.
macro_rules! parts {
    ($held:expr) => {
        Behaviour {
            signers: &mut $held.trusted_signers,
            groups: &mut $held.trusted_key_groups,
            methods: &mut $held.allowed_methods,
            smooth: &mut $held.smooth_streaming,
            compress: &mut $held.compress,
            lambdas: &mut $held.lambda_function_associations,
            functions: &mut $held.function_associations,
            encryption: &mut $held.field_level_encryption_id,
        }
    };
}

impl<'a> Behaviour<'a> {
    fn of_default(held: &'a mut DefaultCacheBehavior) -> Self {
        parts!(held)
    }

    fn of(held: &'a mut CacheBehavior) -> Self {
        parts!(held)
    }

    fn fill(&mut self) {
        let none = TrustedSigners { enabled: false, quantity: 0, items: None };
        self.signers.get_or_insert(none);
        let none = TrustedKeyGroups { enabled: false, quantity: 0, items: None };
        self.groups.get_or_insert(none);
        let read = || ["HEAD", "GET"].map(str::to_owned).to_vec();
        let methods = self.methods.get_or_insert_with(|| AllowedMethods {
            quantity: 2,
            items: read(),
            cached_methods: None,
        });
        let cached = || CachedMethods { quantity: 2, items: read() };
        methods.cached_methods.get_or_insert_with(cached);
        self.smooth.get_or_insert_default();
        self.compress.get_or_insert_default();
        self.lambdas.get_or_insert(LambdaFunctionAssociations { quantity: 0, items: None });
        self.functions.get_or_insert(FunctionAssociations { quantity: 0, items: None });
        self.encryption.get_or_insert_default();
    }
}
